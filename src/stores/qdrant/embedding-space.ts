import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { isSameSpace, type EmbeddingSpace } from '../archival.ts'

/**
 * The dense vector of a collection is named by the model that makes it. So the model is recorded by the same atomic request
 * that creates the collection, travels with its snapshots, and the server itself refuses a vector under another name.
 */
export const vectorNameOf = (model: string): string => model.replace(/[^a-zA-Z0-9.-]/gu, (character) => `_${character.codePointAt(0)?.toString(16) ?? ''}_`)

export const modelOf = (vectorName: string): string =>
  vectorName.replace(/_([0-9a-f]+)_/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))

/** @throws PerdureError `embedding-mismatch` naming both spaces */
export function assertSameSpace(stored: EmbeddingSpace, asked: EmbeddingSpace): void {
  if (isSameSpace(stored, asked)) return
  throw new PerdureError(
    'embedding-mismatch',
    `archival memory holds vectors of ${describe(stored)}, and ${describe(asked)} was asked for: their vectors cannot be compared; ` +
      'set the first, or run `perdure reindex` with the second set, which embeds all passages anew',
  )
}

/** @throws PerdureError `invalid-argument` */
export function assertDimensions(vector: readonly number[], space: EmbeddingSpace): void {
  if (vector.length === space.dimensions) return
  throw invalidArgument(`a vector of ${describe(space)} was expected, and one with ${vector.length} dimensions was given`)
}

const describe = ({ model, dimensions }: EmbeddingSpace): string => `model ${JSON.stringify(model)} with ${dimensions} dimensions`
