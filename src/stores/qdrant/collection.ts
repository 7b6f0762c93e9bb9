import type { QdrantClient } from '@qdrant/js-client-rest'
import { PerdureError } from '../../protocol/errors.ts'
import { isSameSpace, type EmbeddingSpace } from '../archival.ts'
import { createCollection, createIndexes, readSpace } from './create-collection.ts'
import { assertSameSpace } from './embedding-space.ts'
import { collectionInForce, collectionsOf } from './in-force.ts'
import { recordSchema } from './schema-record.ts'

export const usualCollection = 'perdure-passages'

/** The collection in force, as last read. */
export interface CurrentCollection {
  readonly client: QdrantClient
  readonly name: string
}

/**
 * One collection for all agents, created for the first vectors that come; another one is put in its place when all is embedded anew,
 * and the former is removed. So what is known of it holds until the server says that it is gone, or until it does not fit.
 */
export interface PassageCollection {
  /** Does something with the collection in force; once more with the next where it is replaced meanwhile. Undefined while there is none. */
  using<Answer>(use: (collection: CurrentCollection) => Promise<Answer>): Promise<Answer | undefined>
  /** The same, for vectors of a space. @throws PerdureError `embedding-mismatch` */
  usingSpace<Answer>(space: EmbeddingSpace, use: (collection: CurrentCollection) => Promise<Answer>): Promise<Answer | undefined>
  /**
   * Writes vectors into the collection in force, made if need be. When it returns, that collection was still in force after the write: who
   * fills its successor reads it once more after the switch, and so misses nothing of what was acknowledged.
   * @throws PerdureError `embedding-mismatch`
   */
  writing(space: EmbeddingSpace, write: (collection: CurrentCollection) => Promise<void>): Promise<void>
  /**
   * Changes what is stored in the collection in force, and has the same points forgotten by all others: who fills a successor meanwhile reads
   * what was changed once more. Undefined while there is none. Where the guarantee ends: a switch in the very moment between both.
   */
  changing<Answer>(points: string[], change: (collection: CurrentCollection) => Promise<Answer>): Promise<Answer | undefined>
  /** Deletes the same of every collection, in an order that who fills a successor meanwhile relies on: the one that it reads first. */
  removing(remove: (name: string) => Promise<unknown>): Promise<void>
}

interface Known extends CurrentCollection {
  readonly space: EmbeddingSpace
}

/** Replaced this often during one call, something else is wrong. */
const patience = 5

export function passageCollection(client: QdrantClient, base: string): PassageCollection {
  let known: Known | undefined
  const prepared = new Map<string, Promise<void>>()

  const read = async (): Promise<Known | undefined> => {
    const name = await collectionInForce(client, base)
    known = name === undefined ? undefined : { client, name, space: await readSpace(client, name) }
    return known
  }
  const fitting = async (space: EmbeddingSpace): Promise<Known | undefined> => {
    let found = known ?? (await read())
    if (found !== undefined && !isSameSpace(found.space, space)) found = await read()
    if (found !== undefined) assertSameSpace(found.space, space)
    return found
  }
  const repeating = async <Answer>(attempt: () => Promise<Answer>): Promise<Answer> => {
    for (let left = patience; ; left -= 1) {
      try {
        return await attempt()
      } catch (error) {
        if (left === 0 || !isGone(error)) throw error
        known = undefined
      }
    }
  }
  const make = async (space: EmbeddingSpace): Promise<Known> => {
    if ((await createCollection(client, base, space)) === 'created') await recordSchema(client, base)
    const made = await fitting(space)
    if (made === undefined) throw new PerdureError('server-unavailable', `collection ${base} of Qdrant was removed while it was being made`)
    return made
  }
  const prepare = async (name: string): Promise<void> => {
    // Also where another process made the collection: it may have died before it came to the indexes.
    const indexes = prepared.get(name) ?? createIndexes(client, name)
    prepared.set(name, indexes)
    try {
      await indexes
    } catch (error) {
      prepared.delete(name)
      throw error
    }
  }
  return {
    using: (use) =>
      repeating(async () => {
        const found = known ?? (await read())
        return found && use(found)
      }),
    usingSpace: (space, use) =>
      repeating(async () => {
        const found = await fitting(space)
        return found && use(found)
      }),
    writing: (space, write) =>
      repeating(async () => {
        for (;;) {
          // Also before: a refused write should hardly ever be in the collection all the same.
          if ((await collectionInForce(client, base)) !== known?.name) known = undefined
          const found = (await fitting(space)) ?? (await make(space))
          await prepare(found.name)
          await write(found)
          if ((await collectionInForce(client, base)) === found.name) return
          known = undefined
        }
      }),
    changing: (points, change) =>
      repeating(async () => {
        const found = known ?? (await read())
        if (found === undefined) return undefined
        const answer = await change(found)
        if ((await collectionInForce(client, base)) !== found.name) {
          known = undefined
          return change((await read()) ?? found)
        }
        const others = (await collectionsOf(client, base)).filter((name) => name !== found.name)
        for (const name of others) await unlessGone(() => client.delete(name, { wait: true, points }))
        return answer
      }),
    removing: (remove) =>
      repeating(async () => {
        const found = known ?? (await read())
        if (found === undefined) return
        await remove(found.name)
        // Asked only now: a successor that is not there yet will be filled from what is left.
        const others = (await collectionsOf(client, base)).filter((name) => name !== found.name)
        for (const name of others) await unlessGone(() => remove(name))
        // After a switch the others were those that are read.
        if (others.length > 0) await remove(found.name)
      }),
  }
}

async function unlessGone(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask()
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** The server has no such collection: it was replaced, or removed by somebody. */
export const isGone = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 404
