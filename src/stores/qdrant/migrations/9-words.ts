import { wordsOf } from '../../../words/words.ts'
import type { Migration, ServerStep } from '../../migration.ts'
import { wordsVector } from '../create-collection.ts'
import { termVectorOf } from '../term-vector.ts'
import type { QdrantServer } from './2-versions.ts'

const batchSize = 200

/** The collection's record of itself is of no agent. */
const earlier = { must: [{ should: [{ key: 'schema', range: { lt: 9 } }, { is_empty: { key: 'schema' } }] }], must_not: [{ is_empty: { key: 'agentId' } }] }

/** What a word is has changed. Until a passage is reached it is found by its former words, and by its meaning as before. */
export const words: Migration<ServerStep<QdrantServer>> = {
  to: 9,
  describe: 'passages are found by other forms of their words',
  steps: [
    {
      of: 'passages',
      count: async ({ client, name }) => (await client.count(name, { filter: earlier, exact: true })).count,
      run: async ({ client, name }) => {
        for (let changed = 0; ; ) {
          const { points } = await client.scroll(name, { filter: earlier, limit: batchSize, with_payload: ['text'] })
          if (points.length === 0) return changed
          // The words first: a point that says of which schema it is has them.
          await client.updateVectors(name, { wait: true, points: points.map(({ id, payload }) => ({ id, vector: { [wordsVector]: vectorOf(payload?.['text']) } })) })
          await client.setPayload(name, { wait: true, payload: { schema: 9 }, points: points.map(({ id }) => id) })
          changed += points.length
        }
      },
    },
  ],
}

function vectorOf(text: unknown): { indices: number[]; values: number[] } {
  const { indices, values } = termVectorOf(wordsOf(typeof text === 'string' ? text : ''))
  return { indices: [...indices], values: [...values] }
}
