import type { Chunk, StoredDocument } from '../protocol/documents.ts'

/** Documents of agents: what is known of each, its content while it waits to be read, its chunks for as long as it is loaded. */
export interface DocumentStore {
  /** Replaces the one of that name. */
  put(document: StoredDocument): Promise<void>
  get(agentId: string, name: string): Promise<StoredDocument | undefined>
  remove(agentId: string, name: string): Promise<void>
  /** By name. */
  list(agentId: string, page: { readonly offset: number; readonly limit: number }): Promise<{ readonly total: number; readonly documents: readonly StoredDocument[] }>
  /** How many are loaded. */
  count(agentId: string): Promise<number>
  /** The first by name of a set that is still waiting or removing. */
  next(agentId: string, set: string): Promise<StoredDocument | undefined>
  /** Of a set, those that failed, by name. */
  failed(agentId: string, set: string): Promise<readonly StoredDocument[]>
  /** Whether a document other than the one of this name has this content, now or as an earlier one that is still there. */
  isUsed(agentId: string, hash: string, besides: string): Promise<boolean>

  /** One part of a content; inserted if absent. */
  putContent(agentId: string, hash: string, part: number, bytes: Uint8Array): Promise<void>
  /** All parts in order; undefined where there is none. */
  content(agentId: string, hash: string): Promise<Uint8Array | undefined>
  dropContent(agentId: string, hash: string): Promise<void>

  /** Inserted if absent; `first` is the place of the first of them. */
  putChunks(agentId: string, hash: string, first: number, chunks: readonly Chunk[]): Promise<void>
  /** Places `from` to below `to`. */
  chunks(agentId: string, hash: string, from: number, to: number): Promise<readonly Chunk[]>
  countChunks(agentId: string, hash: string): Promise<number>
  /** Place of the first chunk on this page or after it, or of the first that ends at this line or after it. */
  placeOf(agentId: string, hash: string, where: { readonly page: number } | { readonly line: number }): Promise<number | undefined>
  dropChunks(agentId: string, hash: string): Promise<void>
}
