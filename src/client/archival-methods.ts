import type { PassageView } from './passage-view.ts'

export interface PassageCommand {
  /** Who commands it, for the record; at most 200 characters. Default `person`. */
  readonly by?: string
  /** Makes the command repeatable: the same again under the same id does nothing twice. Default: a new UUID. */
  readonly commandId?: string
}

export interface PassageInput extends PassageCommand {
  /** At most 32, of 1 to 100 characters each. Default: none; of a passage that is edited or superseded: those that it has. */
  readonly tags?: readonly string[]
}

export interface EditPassageOptions extends PassageInput {
  /** Only if it has been edited so many times still: as many as the `edits` of the passage that was looked at. Default: however many. */
  readonly ifEdits?: number
}

export interface ArchivalQuery {
  /** What to look for, by meaning and by words together. */
  readonly text: string
  /** Passages with at least one of these. */
  readonly tags?: readonly string[]
  /** `agent`, `page_out`, `person`, or a document's name. */
  readonly source?: string
  /** ISO 8601, inclusive from, exclusive to. */
  readonly from?: string
  readonly to?: string
  /** Superseded passages too. */
  readonly superseded?: true
  readonly offset?: number
  /** Default 20, at most 1,000. */
  readonly limit?: number
}

export interface FoundPassages {
  /** Passages that pass the filters, however little they have to do with the text; by words alone, those of them that have one of its words. */
  readonly total: number
  /** By words alone: so many are known of, and there may be more. */
  readonly atLeast?: true
  /** The embedding model was away: what merely means the same was not found. */
  readonly byWordsAlone?: true
  readonly passages: readonly (PassageView & { readonly score: number })[]
}

/** `already`: it was done under this id before, and nothing was done now. */
export interface PassageDone {
  readonly already: boolean
}

/**
 * Archival memory for a person. All of it goes straight to the stores: it needs no worker, stands in no history, and the agent finds what
 * was changed with its next search. What needs a vector needs the client's `embedder` (`config-invalid` without); another model than the
 * one that archival memory is filled with is `embedding-mismatch`.
 *
 * What a command has done is durable when it returns. Said again under its `commandId` it does nothing; another command under that id is
 * `invalid-argument`. Where the guarantee ends: a passage that somebody deletes in the very moment in which it is edited may come back, and
 * an edit in the moment in which `perdure reindex` switches to another model may be lost.
 */
export interface ArchivalMethods {
  /**
   * Best first. Where the embedding model fails, or has not answered within five seconds, it is a search by words alone, and says so.
   * @throws PerdureError `invalid-argument`, `config-invalid`, `embedding-mismatch`
   */
  searchArchival(agentId: string, query: ArchivalQuery): Promise<FoundPassages>
  /** Newest first, of one source or of all; without superseded ones unless they are asked for. Those of a document have its name as source, and its end comes first. */
  passages(agentId: string, options?: Pick<ArchivalQuery, 'source' | 'superseded' | 'offset' | 'limit'>): Promise<readonly PassageView[]>
  /** One passage by its operation id, superseded or not. @throws PerdureError `passage-unknown` */
  passage(agentId: string, op: string): Promise<PassageView>
  /**
   * A passage of a person, of at most 8,000 characters; longer texts are documents, for `loadDocuments`. Its `op` is in the answer.
   * @throws PerdureError `invalid-argument`, `config-invalid`, `embedding-mismatch`
   */
  insertPassage(agentId: string, text: string, input?: PassageInput): Promise<PassageDone & { readonly op: string }>
  /**
   * Corrects a passage: it keeps its place, its time and its origin, and says who edited it when. What it said before is gone. Of a loaded
   * document only the passage changes, until the document is loaded with another content.
   * @throws PerdureError `passage-unknown`, `passage-superseded`, `passage-conflict` where it has been edited more than `ifEdits` times, `invalid-argument`,
   * `config-invalid`, `embedding-mismatch`
   */
  editPassage(agentId: string, op: string, text: string, input?: EditPassageOptions): Promise<PassageDone>
  /**
   * Puts a new passage in the place of one that no longer holds. The former is kept, and says by which it was superseded; searches, counts
   * and the agent do not find it any more. It stays superseded when the new one is deleted. The answer's `op` is the new one's.
   * @throws PerdureError `passage-unknown`, `passage-superseded`, `invalid-argument`, `config-invalid`, `embedding-mismatch`
   */
  supersedePassage(agentId: string, op: string, text: string, input?: PassageInput): Promise<PassageDone & { readonly op: string }>
  /** Deletes a passage, for good. @throws PerdureError `passage-unknown` */
  deletePassage(agentId: string, op: string, command?: PassageCommand): Promise<PassageDone>
}
