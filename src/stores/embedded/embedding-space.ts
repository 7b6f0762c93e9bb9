import { PerdureError } from '../../protocol/errors.ts'
import type { EmbeddingSpace } from '../archival.ts'
import { numberOf, textOf } from './columns.ts'
import type { EmbeddedDatabase } from './database.ts'

/** The space of the vectors in the file; `undefined` while there are none. */
export function storedSpace(database: EmbeddedDatabase): EmbeddingSpace | undefined {
  const row = database.row('SELECT model, dimensions FROM embedding_space')
  return row && { model: textOf(row, 'model'), dimensions: numberOf(row, 'dimensions') }
}

/** Within the transaction that inserts: whoever comes first decides. */
export function claimSpace(database: EmbeddedDatabase, space: EmbeddingSpace): void {
  database.run('INSERT INTO embedding_space (one, model, dimensions) VALUES (1, ?, ?) ON CONFLICT DO NOTHING', space.model, space.dimensions)
  assertSameSpace(storedSpace(database) ?? space, space)
}

/** @throws PerdureError `embedding-mismatch` naming both spaces */
export function assertSameSpace(stored: EmbeddingSpace, given: EmbeddingSpace): void {
  if (stored.model === given.model && stored.dimensions === given.dimensions) return
  throw new PerdureError(
    'embedding-mismatch',
    `archival memory holds vectors of ${nameOf(stored)}, and the embedding model in use is ${nameOf(given)}: ` +
      'use the former, or embed the passages anew',
  )
}

/** @throws PerdureError `embedding-mismatch` for a vector that is not of its space */
export function assertVector(vector: readonly number[], space: EmbeddingSpace): void {
  if (vector.length === space.dimensions && vector.every(Number.isFinite)) return
  throw new PerdureError(
    'embedding-mismatch',
    `a vector of ${vector.length} numbers is not of ${nameOf(space)}: it must have ${space.dimensions} finite ones`,
  )
}

const nameOf = (space: EmbeddingSpace): string => `${space.model} (${space.dimensions} dimensions)`
