import type { QdrantClient } from '@qdrant/js-client-rest'
import { isSameSpace, type EmbeddingSpace, type Passage, type Reindexing, type UnembeddedPassages } from '../archival.ts'
import { namedIfAway, naming } from './away.ts'
import { isGone } from './collection.ts'
import { createCollection, createIndexes, readSpace } from './create-collection.ts'
import { assertDimensions, vectorNameOf } from './embedding-space.ts'
import type { Condition } from './filter.ts'
import { collectionInForce, collectionsOf, putInForce, successorOf } from './in-force.ts'
import { pointOf, upsertNew } from './insert-passages.ts'
import { orderOf, passageOf } from './payload.ts'
import { countAgents, idsOf, idsWithoutVector } from './scan.ts'
import { recordSchema } from './schema-record.ts'

/** Ids of one request that asks which of them the successor has. */
const comparedAtOnce = 1_000

/**
 * New vectors go into a successor of the collection; one atomic request puts it in force. Whatever still went into the former one until
 * then is there in the pass after it, and then the former is removed, with which the last worker on the old setting learns of it. What the model
 * refuses is in the successor without a vector, and is asked for in each pass: before the switch from the former collection, after it where it is.
 * Where the guarantee ends: on a cluster whose nodes learn of the change at different times by longer than that pass takes.
 */
export function qdrantReindexing(client: QdrantClient, base: string, to: EmbeddingSpace): Reindexing {
  /** Where the new vectors go: the successor, or what is in force already. */
  const targetOf = async (inForce: string): Promise<string> => (isSameSpace(await readSpace(client, inForce), to) ? inForce : successorOf(base, to))

  /** From the collection in force before the switch; after it from those that are left. */
  const routes = async (): Promise<readonly Route[]> => {
    const inForce = await collectionInForce(client, base)
    if (inForce === undefined) return []
    const target = await targetOf(inForce)
    if (target !== inForce) return [{ from: inForce, target, inForce: false }]
    return (await collectionsOf(client, base)).filter((name) => name !== target).map((from) => ({ from, target, inForce: true }))
  }
  const vectorName = vectorNameOf(to.model)
  /** What a target that is not in force has without a vector is missing too: it is read from where it is changed. */
  const missing = async (route: Route, ids: readonly string[]): Promise<readonly string[]> => {
    if (!(await client.collectionExists(route.target)).exists) return ids
    const having: readonly Condition[] = route.inForce ? [] : [{ has_vector: vectorName }]
    const there = await client.scroll(route.target, { filter: { must: [{ has_id: [...ids] }, ...having] }, limit: ids.length, with_payload: false })
    const known = new Set(there.points.map(({ id }) => String(id)))
    return ids.filter((id) => !known.has(id))
  }
  /** Those in force already that have no vector. */
  const bare = async function* (batch: number): AsyncIterable<{ readonly name: string; readonly ids: string[] }> {
    const name = await collectionInForce(client, base)
    if (name === undefined || (await targetOf(name)) !== name) return
    for await (const ids of idsWithoutVector(client, name, vectorName, batch)) yield { name, ids }
  }

  return {
    survey: async () => {
      const inForce = await collectionInForce(client, base)
      if (inForce === undefined) return { stored: undefined, passages: new Map(), unembedded: 0, leftovers: false }
      let unembedded = 0
      for (const route of await routes()) {
        for await (const ids of idsOf(client, route.from, comparedAtOnce)) unembedded += (await missing(route, ids)).length
      }
      for await (const { ids } of bare(comparedAtOnce)) unembedded += ids.length
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
      for (const route of await routes()) {
        for await (const ids of idsOf(client, route.from, comparedAtOnce)) {
          const left = await missing(route, ids)
          for (let start = 0; start < left.length; start += batch) yield await read(client, route, left.slice(start, start + batch), to)
        }
      }
      for await (const { name, ids } of bare(batch)) yield await readBare(client, name, ids, to)
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

/** From a collection into one that has other vectors. */
interface Route {
  readonly from: string
  readonly target: string
  /** Whether the target is in force: then what it has is left as it is. */
  readonly inForce: boolean
}

async function read(client: QdrantClient, { from, target, inForce }: Route, ids: string[], to: EmbeddingSpace): Promise<UnembeddedPassages> {
  const before = await passagesOf(client, from, ids)
  const found = [...before]
  return {
    passages: found.map(([, { passage }]) => passage),
    keep: async (vectors) => {
      const points = found.map(([, { passage, order }], index) => {
        const vector = vectors[index]
        if (vector !== undefined) assertDimensions(vector, to)
        const point = pointOf(passage, vector, 0, to)
        return { ...point, payload: { ...point.payload, order } }
      })
      if (points.length === 0) return 0
      await upsertNew(client, target, points, inForce ? undefined : to)
      // Who removes a passage does so in the former collection first: one that is still there now will be removed here as well.
      const after = await passagesOf(client, from, ids)
      const stale = found.filter(([id, { passage }]) => JSON.stringify(after.get(id)?.passage) !== JSON.stringify(passage)).map(([id]) => id)
      if (stale.length > 0) await client.delete(target, { wait: true, points: stale })
      const kept = new Set(found.map(([id]) => id).filter((_, index) => vectors[index] !== undefined))
      for (const id of stale) kept.delete(id)
      return kept.size
    },
  }
}

/**
 * Of the collection in force: its workers may change a passage meanwhile. Where the guarantee ends: one whose text is changed in the moment between
 * our look and our write has no vector, and is found by its words, until the next run.
 */
async function readBare(client: QdrantClient, name: string, ids: string[], to: EmbeddingSpace): Promise<UnembeddedPassages> {
  const found = [...(await passagesOf(client, name, ids))]
  return {
    passages: found.map(([, { passage }]) => passage),
    keep: async (vectors) => {
      const made = new Map(found.flatMap(([id, { passage }], index) => (vectors[index] === undefined ? [] : [[id, { text: passage.text, vector: vectors[index] }] as const])))
      for (const { vector } of made.values()) assertDimensions(vector, to)
      const textsNow = async (points: string[]) => [...(await passagesOf(client, name, points))].map(([id, { passage }]) => ({ id, same: passage.text === made.get(id)?.text }))
      const idsOfSame = (texts: Awaited<ReturnType<typeof textsNow>>, same: boolean): string[] => texts.filter((one) => one.same === same).map(({ id }) => id)
      const there = made.size === 0 ? [] : idsOfSame(await textsNow([...made.keys()]), true)
      if (there.length === 0) return 0
      try {
        await client.updateVectors(name, { wait: true, points: there.map((id) => ({ id, vector: { [vectorNameOf(to.model)]: [...(made.get(id)?.vector ?? [])] } })) })
      } catch (error) {
        // One was removed just now: the next pass has the others.
        if (!isGone(error)) throw error
      }
      const after = await textsNow(there)
      const changed = idsOfSame(after, false)
      if (changed.length > 0) await client.deleteVectors(name, { wait: true, points: changed, vector: [vectorNameOf(to.model)] })
      return after.length - changed.length
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
        for await (const { passages, keep } of change.unembedded(batch)) yield { passages, keep: (vectors) => asking(() => keep(vectors)) }
      } catch (error) {
        throw namedIfAway(error, host)
      }
    },
    switchOver: () => asking(() => change.switchOver()),
    dropFormer: () => asking(() => change.dropFormer()),
  }
}
