import { invalidArgument, PerdureError } from './errors.ts'
import { limits } from './limits.ts'

/** A piece of a document that is stored, searched and read as one. */
export interface Chunk {
  readonly text: string
  /** From 1, where the format has pages. */
  readonly page?: number
  /** First and last line, from 1, of the document's text. */
  readonly lines?: readonly [from: number, to: number]
  /** Headings that it stands under, outermost first; of source code the names that enclose it. */
  readonly heading?: string
}

/**
 * A document of an agent, by its name. `waiting`: its content is stored, its passages not all yet. `failed`: it could not be read.
 * `removing`: it is on its way out.
 */
export interface StoredDocument {
  readonly agentId: string
  /** The user's name for it: a path, or a file's name. */
  readonly name: string
  /** The hash of its content, by `contentHash`. */
  readonly hash: string
  readonly bytes: number
  /** The load, or unload, that it was part of last. */
  readonly set: string
  readonly status: 'waiting' | 'loaded' | 'failed' | 'removing'
  /** Earlier contents under this name, whose passages go when the present one's are in. */
  readonly earlier?: readonly string[]
  readonly format?: string
  readonly pages?: number
  readonly chunks?: number
  /** What of it gave no text, in words: pages that are pictures, attachments. */
  readonly unread?: string
  /** Where its file is, as an absolute path, if it was loaded from a file: another file of the same name is another document. */
  readonly path?: string
  /** Why it failed: an error code of ours, and in words. */
  readonly code?: string
  readonly detail?: string
  /** Of the workers that are to load it, or to take it out. Absent of one that a client of 0.2.0 gave. */
  readonly taskQueue?: string
  /** ISO 8601: of the last change. */
  readonly at: string
}

/** As people and programs are shown it: whose workers it is for says nothing to them. */
export type ShownDocument = Omit<StoredDocument, 'taskQueue'>

export const documentsWorkflowType = 'documents'
/** One for each agent: documents of one agent are loaded and removed one after the other, by however many loads they were given. */
export const documentsWorkflowIdOf = (agentId: string): string => `documents:${agentId}`

/** Operation id of the passage that a chunk becomes. Each name has passages of its own: one of them may go while another stays. */
export const chunkOp = ({ agentId, name, hash }: Pick<StoredDocument, 'agentId' | 'name' | 'hash'>, index: number): string => `${agentId}/document/${hash}/${index}/${name}`
/** As 0.2.0 had it: one content's passages stood for all its names. */
export const sharedChunkOp = ({ agentId, hash }: Pick<StoredDocument, 'agentId' | 'hash'>, index: number): string => `${agentId}/document/${hash}/${index}`

/** What the workflow starts with and carries through continue-as-new; the answer of its query `progress`. Counted since it last told the agent. */
export interface DocumentsProgress {
  readonly agentId: string
  loaded: number
  failed: number
  removed: number
  passages: number
  /** The document that is being loaded now, how many passages it has, and how many of them are stored. */
  current?: { readonly name: string; readonly hash: string; readonly chunks: number; done: number }
  /** The large document that is being read now; how many passages it has is not known yet. */
  reading?: string
  /** True while a client has more documents to give. */
  more: boolean
  /** How often the agent was told. */
  told: number
}

/** A document as it was when it was asked for; what another load has done to it meanwhile is left alone. */
export interface DocumentRef {
  readonly agentId: string
  readonly name: string
  readonly hash: string
  readonly set: string
}

/** Why a document could not be loaded, or taken out: an error code of ours, and in words. */
export interface DocumentFailure {
  readonly code: string
  readonly detail: string
}

/** The next work: several small documents at once, which saves events, or one large document, or one removal. */
export interface DocumentWork {
  readonly action: 'load-small' | 'load' | 'remove'
  readonly documents: readonly DocumentRef[]
}

/** Activities of loading. Each is idempotent, and repeated whole wherever its worker died. */
export interface DocumentActivities {
  nextDocuments(input: { readonly agentId: string }): Promise<DocumentWork | null>
  /** All of loading, for each of them. */
  loadSmallDocuments(input: { readonly documents: readonly DocumentRef[] }): Promise<{ readonly loaded: number; readonly failed: number; readonly passages: number }>
  /** Puts them down as failed, each by name. */
  failDocuments(input: { readonly documents: readonly DocumentRef[] } & DocumentFailure): Promise<void>
  /** Reads the content and stores its chunks; a document that can't be read is recorded as failed, with the reason. */
  readDocument(input: DocumentRef): Promise<{ readonly chunks: number } | { readonly failed: string }>
  /** Chunks `from` to below `to` become passages. */
  indexDocument(input: DocumentRef & { readonly from: number; readonly to: number }): Promise<void>
  /** Earlier contents go, and the document counts as loaded. */
  finishDocument(input: DocumentRef & { readonly chunks: number }): Promise<void>
  removeDocument(input: DocumentRef): Promise<void>
  /** Deposits the event by which the agent learns of it. */
  announceDocuments(input: { readonly agentId: string; readonly eventId: string; readonly loaded: number; readonly removed: number }): Promise<{ readonly bytes: number }>
}

export const progressQuery = 'progress'

/** The signal that says that there are documents to load or to remove; `more`: whoever gives them has not given all. */
export const wakeSignal = 'wake'
export interface Wake {
  readonly more: boolean
}

/**
 * Asked of a file's size before it is read, and of what was given before it is stored or parsed.
 * @returns `document-too-large` or `document-empty`; undefined for a size that will do
 */
export function sizeProblem(name: string, bytes: number): PerdureError | undefined {
  if (bytes > limits.documentBytes) return new PerdureError('document-too-large', `${name} has ${bytes} bytes, the limit is ${limits.documentBytes}; split it`)
  return bytes === 0 ? new PerdureError('document-empty', `${name} is empty`) : undefined
}

/** @throws PerdureError `invalid-argument` */
export function assertDocumentName(name: string): void {
  if (name.trim() !== '' && name.length <= limits.documentNameCharacters && !/\p{Cc}/u.test(name)) return
  throw invalidArgument(`a document's name has 1 to ${limits.documentNameCharacters} characters and no control characters, not ${JSON.stringify(name.slice(0, 80))}`)
}
