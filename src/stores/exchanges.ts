import type { EmbeddingSpace } from './embedding-space.ts'

/**
 * An exchange is what was said to an agent and what it replied, until something was said to it again. Recall memory is found by meaning by the
 * vectors of exchanges. Their texts stay in `MessageStore`; here are the sequence numbers of the first and the last message, and the vector.
 */
export interface ExchangePlace {
  readonly first: number
  readonly last: number
}

export interface ExchangePart extends ExchangePlace {
  /** A long exchange has several vectors: this is one of its parts, from 0. */
  readonly part: number
  /** ISO 8601: when its first message came. */
  readonly at: string
  readonly vector: readonly number[]
}

/** An exchange that was meant by a question, so far as vectors can tell. */
export interface MeantExchange extends ExchangePlace {
  /** Cosine of the angle between the question and the part of the exchange that is nearest to it. */
  readonly similarity: number
}

export interface ExchangeQuery {
  readonly vector: readonly number[]
  readonly limit: number
  /** Only those that begin before this sequence number. */
  readonly before?: number
  /** ISO 8601, inclusive from, exclusive to: only those that begin then. */
  readonly from?: string
  readonly to?: string
}

export interface VectorsOf extends EmbeddingSpace {
  readonly vectors: number
}

/**
 * Vectors of different embedding models lie apart, and each search looks at those of its own model alone: after a change of the model recall memory is
 * found by words until exchanges are embedded anew, and nothing is refused. Two implementations, one contract suite.
 */
export interface ExchangeStore {
  /**
   * Inserts what is not there yet, durably. Broken off at any moment, it has stored each exchange but one whole or not at all; of that one `latest`
   * says nothing yet, and it is to be inserted again.
   * @throws PerdureError for a vector with other dimensions than the space has
   */
  insert(agentId: string, parts: readonly ExchangePart[], space: EmbeddingSpace): Promise<void>
  /** The exchange with the highest numbers of those whose part 0 is there: up to there all are embedded. */
  latest(agentId: string, space: EmbeddingSpace): Promise<ExchangePlace | undefined>
  /** Best first, each exchange once; ties newest first. */
  nearest(agentId: string, query: ExchangeQuery, space: EmbeddingSpace): Promise<readonly MeantExchange[]>
  /**
   * Whether a worker with this model makes vectors: it does where the vectors of passages are of it too, and where there are no passages but exchanges have
   * vectors of it, or none has any. So a worker with a former model makes none after `perdure reindex`. Where this ends: what was asked before is made.
   */
  isInForce(space: EmbeddingSpace): Promise<boolean>
  /** Of which other models there are vectors, and how many. */
  others(space: EmbeddingSpace): Promise<readonly VectorsOf[]>
  /** Removes the vectors of all other models. Whether there were any. */
  keepOnly(space: EmbeddingSpace): Promise<boolean>
}

/** Part 0 of each exchange is the last of its parts: where it is, all of them are. */
export const inOrderOfStoring = (parts: readonly ExchangePart[]): readonly ExchangePart[] => parts.toSorted((one, other) => one.first - other.first || other.part - one.part)
