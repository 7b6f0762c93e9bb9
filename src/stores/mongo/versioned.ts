import type { Collection, Document, Filter, FindOptions } from 'mongodb'
import { assertKnown, storesSchema } from '../schema.ts'

/** Every document says of which form it is. Those of 0.1.0 say nothing; their form is read as well as the present one. */
export interface Versioned {
  readonly schema?: number
}

export const versioned = <Body extends object>(body: Body): Body & Versioned => ({ ...body, schema: storesSchema })

/** The body alone. @throws PerdureError `schema-newer` */
export function knownBody<Body extends object>(document: Body & Versioned, { collectionName }: { readonly collectionName: string }): Body {
  const { schema, ...body } = document
  if (schema !== undefined) assertKnown({ of: `a document of MongoDB's collection ${collectionName}`, schema })
  // The fields that are left out do not belong to the body.
  return body as unknown as Body
}

/** @throws PerdureError `schema-newer` */
export async function findBody<Body extends object, Stored extends Document = Document>(
  collection: Collection<Stored>,
  filter: Filter<Stored>,
  options: FindOptions,
): Promise<Body | null> {
  const found = await collection.findOne<Body & Versioned>(filter, options)
  return found === null ? null : knownBody<Body>(found, collection)
}

/** @throws PerdureError `schema-newer` */
export async function findBodies<Body extends object, Stored extends Document = Document>(
  collection: Collection<Stored>,
  filter: Filter<Stored>,
  options: FindOptions,
): Promise<Body[]> {
  const found = await collection.find<Body & Versioned>(filter, options).toArray()
  return found.map((document) => knownBody<Body>(document, collection))
}
