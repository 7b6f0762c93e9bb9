import { PerdureError } from '../../protocol/errors.ts'
import { isSameSpace, type EmbeddingSpace } from '../archival.ts'
import { numberOf, textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

export const vectorColumns = ['vector', 'second_vector'] as const

export interface StoredSpace extends EmbeddingSpace {
  /** Column of the vectors in force. */
  readonly column: (typeof vectorColumns)[number]
  /** Column of those of the next model while passages are embedded anew, and of no others. */
  readonly spare: (typeof vectorColumns)[number]
}

/** The space of the vectors in the file; `undefined` while there are none. */
export function storedSpace(database: EmbeddedDatabase): StoredSpace | undefined {
  const row = database.row('SELECT model, dimensions, slot FROM embedding_space')
  if (row === undefined) return undefined
  const [first, second] = vectorColumns
  const columns = numberOf(row, 'slot') === 0 ? { column: first, spare: second } : { column: second, spare: first }
  return { model: textOf(row, 'model'), dimensions: numberOf(row, 'dimensions'), ...columns }
}

/** Within the transaction that inserts: whoever comes first decides. */
export function claimSpace(database: EmbeddedDatabase, space: EmbeddingSpace): StoredSpace {
  database.run('INSERT INTO embedding_space (one, model, dimensions) VALUES (1, ?, ?) ON CONFLICT DO NOTHING', space.model, space.dimensions)
  const stored = storedSpace(database)
  if (stored === undefined) throw new Error('the embedding space that was just recorded is not there')
  assertSameSpace(stored, space)
  return stored
}

/** @throws PerdureError `embedding-mismatch` naming both spaces */
export function assertSameSpace(stored: EmbeddingSpace, given: EmbeddingSpace): void {
  if (isSameSpace(stored, given)) return
  throw new PerdureError(
    'embedding-mismatch',
    `archival memory holds vectors of ${nameOf(stored)}, and the embedding model in use is ${nameOf(given)}: ` +
      'set the former, or run `perdure reindex` with the latter set, which embeds all passages anew',
  )
}

export const otherChange = (to: EmbeddingSpace): PerdureError =>
  new PerdureError('embedding-mismatch', `passages were being embedded anew with ${nameOf(to)}, and meanwhile \`perdure reindex\` was run with another model: run it for one at a time`)

/** @throws PerdureError `embedding-mismatch` for a vector that is not of its space */
export function assertVector(vector: readonly number[], space: EmbeddingSpace): void {
  if (vector.length === space.dimensions && vector.every(Number.isFinite)) return
  throw new PerdureError(
    'embedding-mismatch',
    `a vector of ${vector.length} numbers is not of ${nameOf(space)}: it must have ${space.dimensions} finite ones`,
  )
}

const nameOf = (space: EmbeddingSpace): string => `${space.model} (${space.dimensions} dimensions)`

/** libSQL's vector type F32_BLOB: 32-bit floats, little-endian whatever the machine is. */
export function blobOf(vector: readonly number[]): Uint8Array {
  const blob = Buffer.alloc(vector.length * 4)
  for (const [index, component] of vector.entries()) blob.writeFloatLE(component, index * 4)
  return blob
}
