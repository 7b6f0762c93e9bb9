import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { createClient } from '../../src/client/client.ts'
import { errorCodes } from '../../src/protocol/errors.ts'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import type { turnEvent } from '../../src/server/answers/turn-event.ts'
import { openApiDocument } from '../../src/server/openapi.ts'
import type { Unsaid } from '../../src/server/route.ts'
import { routes } from '../../src/server/routes.ts'
import { statuses } from '../../src/server/statuses.ts'
import { storesWith } from '../support/stores-with.ts'

/** What a caller over HTTP does with others. */
const elsewhere = {
  serveTools: 'a loop of its caller, of `waiting` and `answerCall`',
}

describe('the table of routes', () => {
  test('speaks for all that the client can do [http:complete]', async () => {
    const stores = await storesWith()
    // Nothing is asked of Temporal here.
    const client = createClient({ temporal: {} as never, taskQueue: 'none', stores })
    const spoken = routes.flatMap(({ methods }) => methods)
    expect([...new Set([...spoken, ...Object.keys(elsewhere)])].toSorted()).toEqual(Object.keys(client).toSorted())
    await stores.close()
  })

  test('names each operation, and each method and path, once [http:complete]', () => {
    const operations = routes.map(({ operation }) => operation)
    const places = routes.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`)
    for (const names of [operations, places]) expect(new Set(names).size).toBe(names.length)
  })

  // By the compiler: `route` takes none whose answer has a field that its schema lacks, at any depth; of streams it knows nothing.
  test('says of every field of what it answers what that is [http:complete]', () => {
    expectTypeOf<Unsaid<TurnEvent, z.input<typeof turnEvent>>>().toBeNever()
    expectTypeOf<Unsaid<{ a: 1; b: readonly { c?: 1; e: 1 }[] }, { a: number; b: readonly ({ d: 1 } | { e?: 1 })[] }>>().toEqualTypeOf<'c'>()
    expectTypeOf<Unsaid<{ a: { b: 1 } }, { a: Record<string, unknown> }>>().toBeNever()
  })

  test('has a status for every error code, and never one that says that all is well [http:api]', () => {
    expect(Object.keys(statuses).toSorted()).toEqual(errorCodes.toSorted())
    expect(Object.values(statuses).filter((status) => status < 400 || status > 599)).toEqual([])
  })
})

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as { readonly openapi: string; readonly paths: Record<string, Record<string, Operation>>; readonly components: { readonly schemas: object } }
  interface Operation {
    readonly operationId: string
    readonly parameters?: readonly { readonly name: string; readonly in: string }[]
    readonly responses: Readonly<Record<string, unknown>>
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, ...operation })))

  test('has every route, with its parameters, answers and errors [http:api]', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(routes.map(({ operation }) => operation).toSorted())
    for (const { path, parameters = [], responses } of operations) {
      const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name)
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(names)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '421', '500', '503']))
    }
  })

  test('calls nothing read-only that a caller has to send [http:api]', () => {
    expect(JSON.stringify(document)).not.toContain('"readOnly":true')
  })

  test('leads from every reference to a schema [http:api]', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
    expect(references.length).toBeGreaterThan(50)
    const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`))
    expect([...new Set(references)].filter((reference) => !known.has(reference))).toEqual([])
  })
})
