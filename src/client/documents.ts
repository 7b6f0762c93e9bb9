import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import type { AgentDefinition } from '../protocol/definition.ts'
import { assertDocumentName, documentsWorkflowIdOf, documentsWorkflowType, progressQuery, type DocumentsProgress, type StoredDocument } from '../protocol/documents.ts'
import type { PerdureError } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import type { Stores } from '../stores/stores.ts'
import { patiently } from './patiently.ts'
import type { AgentWorkflows } from './temporal-agent.ts'

/** Bytes of one part of a content in the store: well below what one document of MongoDB may have. */
const partBytes = 4 * 1024 * 1024
const pollMs = 200

/** A file to load. The same name again is the same document: with other content it takes its place. */
export interface DocumentFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export interface LoadResult {
  readonly loaded: number
  /** Were there already, with the same content. */
  readonly unchanged: number
  readonly removed: number
  readonly passages: number
  /** Each with the code of its error and what to do. The others are loaded all the same. */
  readonly failed: readonly { readonly name: string; readonly code: string; readonly detail: string }[]
}

export interface LoadOptions {
  /** `stored`: files given over so far; `workflow`: what has become of them. */
  readonly onProgress?: (progress: { readonly stored: number; readonly workflow?: DocumentsProgress }) => void
  /** Stops the waiting, not the loading. */
  readonly signal?: AbortSignal
}

export interface DocumentMethods {
  /**
   * Loads documents into the agent's archival memory, by a workflow of its own. Once a file is given over nothing of it is lost,
   * whichever process dies; the same content is loaded once. Files are taken one at a time, so a large set needs little memory here.
   * PDF, DOCX, HTML, Markdown, CSV, source code and text. When it is done the agent gets an event of kind `upload`.
   * @throws PerdureError `invalid-argument` for a name; files that can't be read are in `failed`
   */
  loadDocuments(agentId: string, files: AsyncIterable<DocumentFile> | Iterable<DocumentFile>, options?: LoadOptions): Promise<LoadResult>
  /** Takes documents out of archival memory, with their passages. Names that there are not are left out of `removed`. */
  unloadDocuments(agentId: string, names: readonly string[], options?: LoadOptions): Promise<LoadResult>
  /** By name. */
  documents(agentId: string, page?: { readonly offset?: number; readonly limit?: number }): Promise<{ readonly total: number; readonly documents: readonly StoredDocument[] }>
}

export function documentMethods(workflows: AgentWorkflows, stores: Stores, definitionOf: (agentId: string) => Promise<AgentDefinition>): DocumentMethods {
  const { documents } = stores.memory
  return {
    loadDocuments: async (agentId, files, { onProgress, signal } = {}) => {
      await definitionOf(agentId)
      const set = randomUUID()
      let unchanged = 0
      let stored = 0
      const refused: LoadResult['failed'][number][] = []
      for await (const file of files) {
        signal?.throwIfAborted()
        const outcome = await deposit(stores, { agentId, set, file })
        if (outcome === 'unchanged') unchanged += 1
        else if (outcome !== 'stored') refused.push(outcome)
        stored += 1
        onProgress?.({ stored })
      }
      const done = await run(workflows, { agentId, set, signal, onProgress: (workflow) => onProgress?.({ stored, workflow }) })
      const failed = (await documents.failed(agentId, set)).map(({ name, code = 'activity-failed', detail = '' }) => ({ name, code, detail }))
      return { loaded: done.loaded, unchanged, removed: 0, passages: done.passages, failed: [...refused, ...failed] }
    },
    unloadDocuments: async (agentId, names, { onProgress, signal } = {}) => {
      await definitionOf(agentId)
      const set = randomUUID()
      for (const name of new Set(names)) {
        const document = await documents.get(agentId, name)
        if (document !== undefined) await documents.put({ ...document, set, status: 'removing', at: new Date().toISOString() })
      }
      const done = await run(workflows, { agentId, set, signal, onProgress: (workflow) => onProgress?.({ stored: 0, workflow }) })
      return { loaded: 0, unchanged: 0, removed: done.removed, passages: 0, failed: [] }
    },
    documents: (agentId, { offset = 0, limit = 100 } = {}) => documents.list(agentId, { offset, limit }),
  }
}

type Deposited = 'stored' | 'unchanged' | LoadResult['failed'][number]

/** Content first, then the record that names it: a crash in between leaves a content that nobody asks for. */
async function deposit({ memory: { documents } }: Stores, { agentId, set, file }: { readonly agentId: string; readonly set: string; readonly file: DocumentFile }): Promise<Deposited> {
  const { name, bytes } = file
  assertDocumentName(name)
  const refuse = (code: PerdureError['code'], detail: string): Deposited => ({ name, code, detail })
  if (bytes.length > limits.documentBytes) return refuse('document-too-large', `${name} has ${bytes.length} bytes, the limit is ${limits.documentBytes}; split it`)
  if (bytes.length === 0) return refuse('document-empty', `${name} is empty`)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  const known = await documents.get(agentId, name)
  if (known?.status === 'loaded' && known.hash === hash) return 'unchanged'
  for (let part = 0; part * partBytes < bytes.length; part += 1) {
    await documents.putContent(agentId, hash, part, bytes.subarray(part * partBytes, (part + 1) * partBytes))
  }
  const earlier = known === undefined || known.status === 'failed' ? (known?.earlier ?? []) : [...(known.earlier ?? []), known.hash]
  const others = [...new Set(earlier)].filter((content) => content !== hash)
  await documents.put({ agentId, name, hash, bytes: bytes.length, set, status: 'waiting', at: new Date().toISOString(), ...(others.length > 0 && { earlier: others }) })
  return 'stored'
}

/** Starts the set's workflow, unless it runs, and waits for its end. */
async function run(
  workflows: AgentWorkflows,
  { agentId, set, signal, onProgress }: { readonly agentId: string; readonly set: string; readonly signal: AbortSignal | undefined; readonly onProgress: (progress: DocumentsProgress) => void },
): Promise<DocumentsProgress> {
  const { temporal, taskQueue } = workflows
  const workflowId = documentsWorkflowIdOf(agentId, set)
  const begin: DocumentsProgress = { agentId, set, loaded: 0, failed: 0, removed: 0, passages: 0 }
  const start = async (): Promise<void> => {
    try {
      await temporal.workflow.start(documentsWorkflowType, { workflowId, taskQueue, args: [begin], staticSummary: `documents of ${agentId}`, memo: { agent: agentId } })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
  }
  await patiently(workflows, { agentId, call: start, signal })
  const handle = temporal.workflow.getHandle(workflowId)
  for (;;) {
    const { status } = await patiently(workflows, { agentId, call: () => handle.describe(), signal })
    if (status.name !== 'RUNNING') return patiently(workflows, { agentId, call: () => handle.result() as Promise<DocumentsProgress>, signal })
    const progress = await handle.query<DocumentsProgress>(progressQuery).catch(() => undefined)
    if (progress !== undefined) onProgress(progress)
    await sleep(pollMs, undefined, signal && { signal })
  }
}
