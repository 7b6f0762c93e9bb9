/** The model that made the vectors; an embedder is one. A store that holds passages' vectors of another model refuses: `embedding-mismatch`. */
export interface EmbeddingSpace {
  readonly model: string
  readonly dimensions: number
}

export const isSameSpace = (one: EmbeddingSpace, other: EmbeddingSpace): boolean => one.model === other.model && one.dimensions === other.dimensions
