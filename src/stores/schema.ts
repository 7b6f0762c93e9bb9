import { PerdureError } from '../protocol/errors.ts'
import { packageVersion } from './package-version.ts'

/**
 * The form of all that the stores hold, as this code writes it. Raised with every change that earlier code could misread; each raise
 * comes with a migration for each kind of store.
 */
export const storesSchema = 17

/** The schema that 0.1.0 wrote. Its documents do not name it. */
export const firstSchema = 1

/** The record by which a store as a whole names its schema. */
export interface SchemaRecord {
  readonly schema: number
  /** Version of Perdure that brought it there. */
  readonly program: string
  /** ISO 8601. */
  readonly at: string
}

export function presentRecord(): SchemaRecord {
  return { schema: storesSchema, program: packageVersion(), at: new Date().toISOString() }
}

/**
 * Refuses what a newer version of Perdure wrote: read as if it were of this version, it could be misread, and then written over.
 * @param found.of what bears the version, for a person: a store, or a document of it
 * @throws PerdureError `schema-newer`
 */
export function assertKnown({ of, schema, program }: { readonly of: string; readonly schema: number; readonly program?: string | undefined }): void {
  if (schema <= storesSchema) return
  throw new PerdureError(
    'schema-newer',
    `${of} has schema ${schema}, written by ${program === undefined ? 'a newer version of Perdure' : `Perdure ${program}`}; this is Perdure ${packageVersion()}, ` +
      `which knows schemas up to ${storesSchema}: run ${program === undefined ? 'that version' : program}, or a later one`,
  )
}
