import type { QdrantClient } from '@qdrant/js-client-rest'
import type { Migration, ServerStep } from '../../migration.ts'

export interface QdrantServer {
  readonly client: QdrantClient
  readonly name: string
}

const batchSize = 1_000

/** Points of 0.1.0; the collection's own record bears a version always. */
const unversioned = { must: [{ is_empty: { key: 'schema' } }] }

/** Nothing else changed since 0.1.0: its payloads are read as they are, and workers of both versions may run meanwhile. */
export const versions: Migration<ServerStep<QdrantServer>> = {
  to: 2,
  describe: 'each passage says of which schema it is',
  steps: [
    {
      of: 'passages',
      count: async ({ client, name }) => (await client.count(name, { filter: unversioned, exact: true })).count,
      run: async ({ client, name }) => {
        let changed = 0
        for (;;) {
          const { points } = await client.scroll(name, { filter: unversioned, limit: batchSize, with_payload: false })
          if (points.length === 0) return changed
          await client.setPayload(name, { wait: true, payload: { schema: 2 }, points: points.map(({ id }) => id) })
          changed += points.length
        }
      },
    },
  ],
}
