import { expect } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { prefixOf } from '../../src/protocol/tenant.ts'

/** The client of a tenant, which fails where anything that it answers, tells or throws has the tenant's prefix in it. */
export function tellsNoPrefix(client: PerdureClient, tenant: string): PerdureClient {
  const checked = (method: string, told: unknown): unknown => {
    const text = told instanceof Error ? told.message : JSON.stringify([told])
    expect.soft(text.includes(prefixOf(tenant)) ? `${method}: ${text}` : '').toBe('')
    return told
  }
  const method = (name: string, ask: (...given: readonly unknown[]) => unknown) => (...given: readonly unknown[]) => {
    const answer = ask(...given)
    if (name === 'watch') {
      const events = answer as ReturnType<PerdureClient['watch']>
      const next = async () => checked(name, await events.next())
      return { ...events, next, [Symbol.asyncIterator]() { return this } }
    }
    return (answer as Promise<unknown>).then(
      (told) => checked(name, told),
      (error: unknown) => {
        throw checked(name, error)
      },
    )
  }
  return Object.fromEntries(Object.entries(client).map(([name, ask]) => [name, method(name, ask as never)])) as unknown as PerdureClient
}
