import { MongoServerError, type Collection, type OptionalUnlessRequiredId } from 'mongodb'
import { versioned } from './versioned.ts'

/** Documents are addressed by an `_id` of their own words, so that "is it there already" needs no second index. */
export interface Identified {
  readonly _id: string
}

/**
 * One field of `_id` cannot run into the next: agent ids hold no space, and of two parts only the last may hold one.
 */
export const idOf = (agentId: string, name: string | number): string => `${agentId} ${name}`

export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000
}

/**
 * Inserts, unless a unique index objects. The index decides, not a read before the write: of any number of writers at the
 * same time one succeeds.
 */
export async function insertIfAbsent<Document extends Identified>(
  collection: Collection<Document>,
  document: OptionalUnlessRequiredId<Document>,
): Promise<'inserted' | 'duplicate'> {
  try {
    await collection.insertOne(versioned(document))
    return 'inserted'
  } catch (error) {
    if (isDuplicate(error)) return 'duplicate'
    throw error
  }
}

/** Inserts all in one command, up to the first that a unique index objects to. False: there was one. */
export async function insertInOrder<Document extends Identified>(collection: Collection<Document>, documents: readonly OptionalUnlessRequiredId<Document>[]): Promise<boolean> {
  try {
    await collection.insertMany(documents.map(versioned), { ordered: true })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** The document as a reader gets it: without the fields that only the store needs. */
export const withoutId = { projection: { _id: 0 } } as const

/** For reads that follow a duplicate-key error: the document was there a moment ago, and only `eraseAgent` takes it away. */
export function present<Value>(value: Value | null, what: string): Value {
  if (value !== null) return value
  throw new Error(`${what} was there and is gone: its agent is being erased`)
}
