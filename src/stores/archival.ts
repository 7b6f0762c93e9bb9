/**
 * Archival memory: passages, found by meaning and by words. Two implementations: `qdrant/` and `embedded/`, held to one
 * contract suite. Every write that returns is durable.
 */
export interface Passage {
  readonly agentId: string
  /** Operation id: inserting again under it changes nothing. */
  readonly op: string
  readonly text: string
  readonly tags: readonly string[]
  /** Where it comes from: `agent`, `page_out`, or a document's name. */
  readonly source: string
  /** ISO 8601. */
  readonly at: string
}

/** Passages beginning with the same words, say, are found by `words`; those that mean the same by `vector`. Both are fused by rank. */
export interface PassageQuery {
  readonly words: string
  readonly vector: readonly number[]
  readonly offset: number
  readonly limit: number
  /** Passages with at least one of these; none named is no filter. */
  readonly tags?: readonly string[]
  readonly source?: string
  /** ISO 8601, inclusive from, exclusive to. */
  readonly from?: string
  readonly to?: string
}

export interface PassageHit {
  readonly passage: Passage
  /** Reciprocal-rank-fusion score: comparable within one result only. */
  readonly score: number
}

/** The model that made the vectors. A store that holds another model's vectors refuses: `embedding-mismatch`. */
export interface EmbeddingSpace {
  readonly model: string
  readonly dimensions: number
}

export interface ArchivalStore {
  /** @throws PerdureError `embedding-mismatch` naming both spaces */
  insert(passages: readonly { readonly passage: Passage; readonly vector: readonly number[] }[], space: EmbeddingSpace): Promise<void>
  /**
   * `total`: passages of the agent that pass the filters (not how many are relevant).
   * @throws PerdureError `embedding-mismatch`
   */
  search(agentId: string, query: PassageQuery, space: EmbeddingSpace): Promise<{ readonly total: number; readonly hits: readonly PassageHit[] }>
  count(agentId: string): Promise<number>
  /** By insertion time, newest first. */
  list(agentId: string, offset: number, limit: number): Promise<readonly Passage[]>
  /** Those under these operation ids; ids that are not there are no error. */
  remove(agentId: string, ops: readonly string[]): Promise<void>
  eraseAgent(agentId: string): Promise<void>
  close(): Promise<void>
}
