import { QdrantClient } from '@qdrant/js-client-rest'
import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { PerdureError } from '../../src/protocol/errors.ts'
import { openQdrantArchival } from '../../src/stores/qdrant/open.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { archivalStoreContract } from './archival.contract.ts'

const qdrant = await startQdrant()

async function failureOf(url: string): Promise<PerdureError> {
  const error: unknown = await openQdrantArchival({ url }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (PerdureError.isInstance(error)) return error
  throw new Error('it opened, or failed in another way', { cause: error })
}

test('a Qdrant that does not answer is named by its host, without its password', async () => {
  const error = await failureOf('http://ada:secret@127.0.0.1:1')
  expect(error.code).toBe('server-unavailable')
  expect(error.message).toContain('127.0.0.1:1')
  expect(error.message).not.toContain('secret')
})

test.for(['localhost:6333', 'ftp://localhost', ''])('%s is refused as no URL of a Qdrant', async (url) => {
  expect((await failureOf(url)).code).toBe('config-invalid')
})

describeWithServer('Qdrant', qdrant, (server) => {
  afterAll(() => server.stop())

  archivalStoreContract('Qdrant', async () => {
    const collection = `test-${randomUUID()}`
    const store = await openQdrantArchival({ url: server.uri, collection })
    const another = await openQdrantArchival({ url: server.uri, collection })
    return {
      store,
      reopen: () => Promise.resolve(another),
      close: async () => {
        await Promise.all([store.close(), another.close()])
        await new QdrantClient({ url: server.uri, checkCompatibility: false }).deleteCollection(collection)
      },
    }
  })
})
