import { composed } from '../protocol/well-formed.ts'
import { isSameSpace, type EmbeddingSpace } from './embedding-space.ts'
import type { ExchangeStore } from './exchanges.ts'

export { isSameSpace, type EmbeddingSpace }

/**
 * Archival memory: passages, found by meaning and by words; and beside them the vectors by which recall memory is found. Two implementations: `qdrant/` and `embedded/`, held to one
 * contract suite. Every write that returns is durable.
 */
export interface Passage {
  readonly agentId: string
  /** Operation id: inserting again under it changes nothing. */
  readonly op: string
  readonly text: string
  readonly tags: readonly string[]
  /** Where it comes from: `agent`, `page_out`, `person`, or a document's name. */
  readonly source: string
  /** ISO 8601. */
  readonly at: string
  /** The person who has put it there. */
  readonly by?: string
  /** Operation id of the passage whose place it has taken. */
  readonly supersedes?: string
  /** Operation id of the passage that has taken its place. It is kept, and not among the present ones any more. */
  readonly supersededBy?: string
  /** Changes of its text or tags, the earliest first. What it said before is gone. */
  readonly edits?: readonly PassageEdit[]
}

export interface PassageEdit {
  /** Operation id. */
  readonly op: string
  readonly by: string
  /** ISO 8601. */
  readonly at: string
}

/** Passages beginning with the same words, say, are found by `words`; those that mean the same by `vector`. `passage-ranking.ts` says how both count. */
export interface PassageQuery {
  readonly words: string
  /** All zeros: by words alone. What has none of them has the score 0 then, and stands behind what has. */
  readonly vector: readonly number[]
  readonly offset: number
  readonly limit: number
  /** Passages with at least one of these; none named is no filter. */
  readonly tags?: readonly string[]
  readonly source?: string
  /** ISO 8601, inclusive from, exclusive to. */
  readonly from?: string
  readonly to?: string
  /** Superseded passages too. */
  readonly superseded?: true
}

export interface PassageHit {
  readonly passage: Passage
  /** From 1 to 0, falling: comparable within one result only. */
  readonly score: number
}

/** Passages without a vector of the new model. */
export interface UnembeddedPassages {
  readonly passages: readonly Passage[]
  /**
   * Stores their vectors beside those in force, durably when it returns. What was removed or changed since they were read is left out. A passage
   * without one is kept, and found by its words alone when the new vectors are in force; each pass has it again.
   * Returns how many vectors it stored.
   */
  readonly keep: (vectors: readonly (readonly number[] | undefined)[]) => Promise<number>
}

/**
 * The change of all passages, of all agents, to the vectors of another model. The former ones stay in force, for reading and writing,
 * until `switchOver`. Each function may be repeated, by another process too: what was stored stays.
 */
export interface Reindexing {
  /** Changes nothing. `stored`: in force now, undefined while there are no passages; `unembedded`: passages without a new vector. */
  survey(): Promise<{
    readonly stored: EmbeddingSpace | undefined
    readonly passages: ReadonlyMap<string, number>
    readonly unembedded: number
    /** Vectors of another model than that in force are still there. */
    readonly leftovers: boolean
  }>
  /** Makes room for the new vectors. Those that a change to yet another model left unfinished are dropped here or by `dropFormer`. */
  prepare(): Promise<void>
  /** One pass over all passages. A passage that is inserted meanwhile may be in it or not. */
  unembedded(batch: number): AsyncIterable<UnembeddedPassages>
  /**
   * Puts the new vectors in force at once: from then on the former model is refused. What was inserted with it until then is in the next
   * pass, so an insert that returned is never lost; one under way is in it or refused, or both.
   * @throws PerdureError `embedding-mismatch` where another such change came in between
   */
  switchOver(): Promise<void>
  /** After `switchOver` and a pass that found nothing: removes all other vectors. */
  dropFormer(): Promise<void>
}

export interface ArchivalStore {
  /** The vectors of recall memory: they lie where those of passages do, and an agent's go with `eraseAgent`. */
  readonly exchanges: ExchangeStore
  /** @throws PerdureError `embedding-mismatch` naming both spaces */
  insert(passages: readonly { readonly passage: Passage; readonly vector: readonly number[] }[], space: EmbeddingSpace): Promise<void>
  /**
   * `total`: passages of the agent that pass the filters (not how many are relevant).
   * @throws PerdureError `embedding-mismatch`
   */
  search(agentId: string, query: PassageQuery, space: EmbeddingSpace): Promise<{ readonly total: number; readonly hits: readonly PassageHit[] }>
  /** Of the present ones. */
  count(agentId: string): Promise<number>
  /** By insertion time, newest first, of one source or of all; superseded ones only where they are asked for. */
  list(agentId: string, offset: number, limit: number, options?: Pick<PassageQuery, 'source' | 'superseded'>): Promise<readonly Passage[]>
  get(agentId: string, op: string): Promise<Passage | undefined>
  /**
   * Puts a passage with one edit more in the place of the one under its operation id. False where that is not there, is superseded, or has
   * not just the edits before: read it again.
   * @throws PerdureError `embedding-mismatch`
   */
  edit(edited: { readonly passage: Passage; readonly vector: readonly number[] }, space: EmbeddingSpace): Promise<boolean>
  /** Says that another passage has taken the place of this one: the first that says so stands. The passage as it is then, if there is one. */
  supersede(agentId: string, op: string, by: string): Promise<Passage | undefined>
  /** Removes the passages under these operation ids. Ids that are not there are no error. */
  remove(agentId: string, ops: readonly string[]): Promise<void>
  /** Of its passages and of its exchanges. */
  eraseAgent(agentId: string): Promise<void>
  reindexing(to: EmbeddingSpace): Reindexing
  close(): Promise<void>
}

/** Tags as they may be stored: composed since this was the rule, in either form before. */
export const formsOfTags = (tags: readonly string[]): readonly string[] => [...new Set(tags.flatMap((tag) => [tag, composed(tag), tag.normalize('NFD')]))]
