import type { Chunk, StoredDocument } from '../protocol/documents.ts'

/** Documents of agents: what is known of each, its content while it waits to be read, its chunks for as long as it is loaded. */
export interface DocumentStore {
  /**
   * In the place of the one of that name as it was read, or of none. False where somebody else has given it to another set, or another
   * status, meanwhile: then nothing is changed, and it is to be read again.
   */
  put(document: StoredDocument, before: StoredDocument | undefined): Promise<boolean>
  get(agentId: string, name: string): Promise<StoredDocument | undefined>
  /** Removes the document as it was read. A document whose set or status has changed since then stays. */
  remove(document: StoredDocument): Promise<void>
  /** By name. */
  list(agentId: string, page: { readonly offset: number; readonly limit: number }): Promise<{ readonly total: number; readonly documents: readonly StoredDocument[] }>
  /** How many are loaded. */
  count(agentId: string): Promise<number>
  /** The first by name that are waiting or removing, of whatever set. */
  pending(agentId: string, limit: number): Promise<readonly StoredDocument[]>
  /** How many of a set are waiting or removing. */
  countPending(agentId: string, set: string): Promise<number>
  /** Agents with a document that is waiting or removing, and has been since before `before`, each once, the longest waiting first. */
  agentsWithUnfinished(waiting: { readonly taskQueue: string; /** ISO 8601. */ readonly before: string; readonly limit: number }): Promise<readonly string[]>
  /** All of a set that are there still, by name. */
  ofSet(agentId: string, set: string): Promise<readonly StoredDocument[]>
  /** Whether a document other than the one of this name has this content, now or as an earlier one that is still there. */
  isUsed(agentId: string, hash: string, besides?: string): Promise<boolean>

  /** Inserts one part of a content, if it is absent. */
  putContent(agentId: string, hash: string, part: number, bytes: Uint8Array): Promise<void>
  /** One part, from 0: neither memory nor the event loop ever has all of a content at once. Undefined behind the last. */
  contentPart(agentId: string, hash: string, part: number): Promise<Uint8Array | undefined>
  dropContent(agentId: string, hash: string): Promise<void>

  /** Each in the place of the one that was there; `first` is the place of the first of them. */
  putChunks(agentId: string, hash: string, first: number, chunks: readonly Chunk[]): Promise<void>
  /** Places `from` to below `to`. */
  chunks(agentId: string, hash: string, from: number, to: number): Promise<readonly Chunk[]>
  countChunks(agentId: string, hash: string): Promise<number>
  /** Place of the first chunk on this page or after it, or of the first that ends at this line or after it. */
  placeOf(agentId: string, hash: string, where: { readonly page: number } | { readonly line: number }): Promise<number | undefined>
  /** Those at the place `from` and behind it. */
  dropChunks(agentId: string, hash: string, from: number): Promise<void>
}
