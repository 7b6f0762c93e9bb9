import { expect } from 'vitest'
import type { Agents } from '../../support/agents.ts'

/** A key of somebody at work, which is taken out of force. */
export interface HeldKey {
  readonly key: string
  /** Done once the server at that address refuses it. */
  readonly revoke: (url: string) => Promise<void>
}

export async function makeKey(client: Agents['client'], name: string): Promise<HeldKey> {
  const { key, accessKey: { id } } = await client.createAccessKey({ name, scopes: ['admin'] })
  return {
    key,
    revoke: async (url) => {
      await client.revokeAccessKey(id)
      // A server remembers for a while what a key allows.
      await expect.poll(async () => (await fetch(`${url}/api/v1/agents`, { headers: { authorization: `Bearer ${key}` } })).status, { timeout: 15_000 }).toBe(401)
    },
  }
}
