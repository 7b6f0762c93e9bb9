import { setImmediate as afterOthers } from 'node:timers/promises'
import type { QdrantClient } from '@qdrant/js-client-rest'
import type { EmbeddingSpace, Passage } from '../archival.ts'
import { allFormsOf } from '../../words/words.ts'
import type { CurrentCollection } from './collection.ts'
import { wordsVector } from './create-collection.ts'
import { vectorNameOf } from './embedding-space.ts'
import { payloadOf } from './payload.ts'
import { pointIdOf } from './point-id.ts'
import { termVectorOf } from './term-vector.ts'

/** A request with this many passages of several kilobytes and their vectors stays well below the server's 32 MB. */
const batchSize = 128

/**
 * Inserts what is not there yet. Each batch is durable when the next begins; a batch that was broken off is repeated whole and
 * changes nothing of what it stored before.
 */
export async function insertPassages(
  { client, name }: CurrentCollection,
  passages: readonly { readonly passage: Passage; readonly vector: readonly number[] }[],
  space: EmbeddingSpace,
): Promise<void> {
  for (let start = 0; start < passages.length; start += batchSize) {
    const points = new Map<string, PassagePoint>()
    for (const [index, { passage, vector }] of passages.slice(start, start + batchSize).entries()) {
      // Words take a while to find: the worker's other work has its turn in between.
      if (index > 0) await afterOthers()
      const point = pointOf(passage, vector, start + index, space)
      // Of two passages under one operation id the first counts.
      if (!points.has(point.id)) points.set(point.id, point)
    }
    await upsertNew(client, name, [...points.values()])
  }
}

type PassagePoint = ReturnType<typeof pointOf>

/** Points that are there are left as they are; but for those without a vector where a space is given. */
export async function upsertNew(client: QdrantClient, name: string, points: readonly PassagePoint[], replacing?: EmbeddingSpace): Promise<void> {
  await client.upsert(name, {
    wait: true,
    points: [...points],
    // Points that are there are only touched if this holds. The second holds for none of these.
    update_filter: { must_not: [replacing === undefined ? { has_id: points.map(({ id }) => id) } : { has_vector: vectorNameOf(replacing.model) }] },
  })
}

/** What a passage's words and their stems are found by. */
export function wordVectorOf(text: string): { indices: number[]; values: number[] } {
  const { indices, values } = termVectorOf(allFormsOf(text))
  return { indices: [...indices], values: [...values] }
}

/** Without a vector it is found by its words alone. */
export function pointOf(passage: Passage, vector: readonly number[] | undefined, place: number, space: EmbeddingSpace) {
  return {
    id: pointIdOf(passage.agentId, passage.op),
    vector: { ...(vector && { [vectorNameOf(space.model)]: [...vector] }), [wordsVector]: wordVectorOf(passage.text) },
    payload: payloadOf(passage, place),
  }
}
