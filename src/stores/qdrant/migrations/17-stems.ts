import type { Migration, ServerStep } from '../../migration.ts'
import { isGone } from '../collection.ts'
import { wordsVector } from '../create-collection.ts'
import { wordVectorOf } from '../insert-passages.ts'
import type { QdrantServer } from './2-versions.ts'

const batchSize = 200

/** The collection's record of itself is of no agent. */
const earlier = { must: [{ should: [{ key: 'schema', range: { lt: 17 } }, { is_empty: { key: 'schema' } }] }], must_not: [{ is_empty: { key: 'agentId' } }] }

/**
 * What a passage is found by has changed. Until one is reached it is found by its former words, and by its meaning as before: nothing is taken away meanwhile.
 * One whose text somebody changes meanwhile is made anew with the text that it has then. Where this ends: what a worker of before changes in the very moment
 * in which its point is said to be of this schema has no stems.
 */
export const stems: Migration<ServerStep<QdrantServer>> = {
  to: 17,
  describe: 'passages are found by the stems of their words too',
  steps: [
    {
      of: 'passages',
      count: async ({ client, name }) => (await client.count(name, { filter: earlier, exact: true })).count,
      run: async (server) => {
        for (let changed = 0; ; ) {
          const { points } = await server.client.scroll(server.name, { filter: earlier, limit: batchSize, with_payload: ['text'] })
          if (points.length === 0) return changed
          await makeAnew(server, new Map(points.map(({ id, payload }) => [id, textIn(payload)])))
          changed += points.length
        }
      },
    },
  ],
}

/** @param texts by the points' ids, as they were read */
async function makeAnew({ client, name }: QdrantServer, texts: ReadonlyMap<string | number, string>): Promise<void> {
  for (let left = texts; left.size > 0; ) {
    // The words first: a point that says of which schema it is has them.
    const isMade = await unlessGone(() => client.updateVectors(name, { wait: true, points: [...left].map(([id, text]) => ({ id, vector: { [wordsVector]: wordVectorOf(text) } })) }))
    const now = (await client.retrieve(name, { ids: [...left.keys()], with_payload: ['text'] })).map(({ id, payload }) => ({ id, text: textIn(payload) }))
    const done = isMade ? now.filter(({ id, text }) => text === left.get(id)).map(({ id }) => id) : []
    if (done.length > 0) await client.setPayload(name, { wait: true, payload: { schema: 17 }, points: done })
    left = new Map(now.filter(({ id }) => !done.includes(id)).map(({ id, text }) => [id, text]))
  }
}

/** False where a point of the request was removed meanwhile: the server may have left the others as they were. */
async function unlessGone(update: () => Promise<unknown>): Promise<boolean> {
  try {
    await update()
    return true
  } catch (error) {
    if (!isGone(error)) throw error
    return false
  }
}

const textIn = (payload: Readonly<Record<string, unknown>> | null | undefined): string => (typeof payload?.['text'] === 'string' ? payload['text'] : '')
