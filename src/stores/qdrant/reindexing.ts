import type { QdrantClient } from '@qdrant/js-client-rest'
import { isSameSpace, type EmbeddingSpace, type Passage, type Reindexing, type UnembeddedPassages } from '../archival.ts'
import { namedIfAway, naming } from './away.ts'
import { createCollection, createIndexes, readSpace } from './create-collection.ts'
import { assertDimensions } from './embedding-space.ts'
import { collectionInForce, collectionsOf, putInForce, successorOf } from './in-force.ts'
import { pointOf, upsertNew } from './insert-passages.ts'
import { orderOf, passageOf } from './payload.ts'
import { countAgents, idsOf } from './scan.ts'
import { recordSchema } from './schema-record.ts'

/** Ids of one request that asks which of them the successor has. */
const comparedAtOnce = 1_000

/**
 * New vectors go into a successor of the collection; one atomic request puts it in force. Whatever still went into the former one until
 * then is there in the pass after it, and then the former is removed, with which the last worker on the old setting learns of it.
 * Where the guarantee ends: on a cluster whose nodes learn of the change at different times by longer than that pass takes.
 */
export function qdrantReindexing(client: QdrantClient, base: string, to: EmbeddingSpace): Reindexing {
  /** Where the new vectors go: the successor, or what is in force already. */
  const targetOf = async (inForce: string): Promise<string> => (isSameSpace(await readSpace(client, inForce), to) ? inForce : successorOf(base, to))

  /** From the collection in force before the switch; after it from those that are left. */
  const routes = async (): Promise<readonly { readonly from: string; readonly target: string }[]> => {
    const inForce = await collectionInForce(client, base)
    if (inForce === undefined) return []
    const target = await targetOf(inForce)
    if (target !== inForce) return [{ from: inForce, target }]
    return (await collectionsOf(client, base)).filter((name) => name !== target).map((from) => ({ from, target }))
  }
  const missing = async (target: string, ids: readonly string[]): Promise<readonly string[]> => {
    if (!(await client.collectionExists(target)).exists) return ids
    const there = await client.retrieve(target, { ids: [...ids], with_payload: false })
    const known = new Set(there.map(({ id }) => String(id)))
    return ids.filter((id) => !known.has(id))
  }

  return {
    survey: async () => {
      const inForce = await collectionInForce(client, base)
      if (inForce === undefined) return { stored: undefined, passages: new Map(), unembedded: 0, leftovers: false }
      let unembedded = 0
      for (const { from, target } of await routes()) {
        for await (const ids of idsOf(client, from, comparedAtOnce)) unembedded += (await missing(target, ids)).length
      }
      const leftovers = (await collectionsOf(client, base)).some((name) => name !== inForce)
      return { stored: await readSpace(client, inForce), passages: await countAgents(client, inForce), unembedded, leftovers }
    },
    prepare: async () => {
      const inForce = await collectionInForce(client, base)
      if (inForce === undefined) return
      const target = await targetOf(inForce)
      if (target === inForce) return
      if ((await createCollection(client, target, to)) === 'created') await recordSchema(client, target)
      await createIndexes(client, target)
    },
    async *unembedded(batch) {
      for (const { from, target } of await routes()) {
        for await (const ids of idsOf(client, from, comparedAtOnce)) {
          const left = await missing(target, ids)
          for (let start = 0; start < left.length; start += batch) yield await read(client, from, target, left.slice(start, start + batch), to)
        }
      }
    },
    switchOver: async () => {
      const inForce = await collectionInForce(client, base)
      if (inForce === undefined) return
      const target = await targetOf(inForce)
      if (target !== inForce) await putInForce(client, base, target)
    },
    dropFormer: async () => {
      for (const { from, target } of await routes()) {
        if ((await collectionInForce(client, base)) === target) await client.deleteCollection(from)
      }
    },
  }
}

async function read(client: QdrantClient, from: string, target: string, ids: string[], to: EmbeddingSpace): Promise<UnembeddedPassages> {
  const before = await passagesOf(client, from, ids)
  const found = [...before]
  return {
    texts: found.map(([, { passage }]) => passage.text),
    keep: async (vectors) => {
      const points = found.map(([, { passage, order }], index) => {
        const vector = vectors[index] ?? []
        assertDimensions(vector, to)
        const point = pointOf(passage, vector, 0, to)
        return { ...point, payload: { ...point.payload, order } }
      })
      if (points.length === 0) return 0
      await upsertNew(client, target, points)
      // Who removes a passage does so in the former collection first: one that is still there now will be removed here as well.
      const after = await passagesOf(client, from, ids)
      const stale = found.filter(([id, { passage }]) => JSON.stringify(after.get(id)?.passage) !== JSON.stringify(passage)).map(([id]) => id)
      if (stale.length > 0) await client.delete(target, { wait: true, points: stale })
      return points.length - stale.length
    },
  }
}

async function passagesOf(client: QdrantClient, name: string, ids: string[]): Promise<ReadonlyMap<string, { readonly passage: Passage; readonly order: number }>> {
  const points = await client.retrieve(name, { ids, with_payload: true })
  return new Map(points.map(({ id, payload }) => [String(id), { passage: passageOf(payload), order: orderOf(payload) }]))
}

/** An error of ours where the server is away, from each of its functions. */
export function namingAway(change: Reindexing, host: string): Reindexing {
  const asking = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => naming(host, ask)
  return {
    survey: () => asking(() => change.survey()),
    prepare: () => asking(() => change.prepare()),
    async *unembedded(batch) {
      try {
        for await (const { texts, keep } of change.unembedded(batch)) yield { texts, keep: (vectors) => asking(() => keep(vectors)) }
      } catch (error) {
        throw namedIfAway(error, host)
      }
    },
    switchOver: () => asking(() => change.switchOver()),
    dropFormer: () => asking(() => change.dropFormer()),
  }
}
