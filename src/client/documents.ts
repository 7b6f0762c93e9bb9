import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowNotFoundError } from '@temporalio/client'
import { assertDocumentName, documentsWorkflowIdOf, progressQuery, sizeProblem, type DocumentsProgress, type ShownDocument, type StoredDocument } from '../protocol/documents.ts'
import { PerdureError } from '../protocol/errors.ts'
import { composed } from '../protocol/well-formed.ts'
import { contentHash } from '../stores/content-hash.ts'
import type { Stores } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { wakeDocuments } from './documents-workflow.ts'
import { patiently } from './patiently.ts'

/** Bytes of one part of a content in the store: well below what one document of MongoDB may have. Never another number: clients of two versions may write one content. */
const partBytes = 4 * 1024 * 1024
const pollMs = 200
/** How often, while files are given over, it is said that there are some. */
const wakeEveryMs = 2_000

/** A file to load. The same name again is the same document: with other content it takes its place. */
export interface DocumentFile {
  /** Composed (NFC) where it is stored: the same name however a system writes its accents. */
  readonly name: string
  /** Absolute, where it is a file: then another file of the same name is refused, by name, and does not take the place of this one. */
  readonly path?: string
  readonly bytes: Uint8Array
}

export interface LoadResult {
  /** A file that another load gave anew before this one had it loaded is counted there, not here. */
  readonly loaded: number
  /** Were there already, with the same content. */
  readonly unchanged: number
  readonly removed: number
  readonly passages: number
  /** Each with the code of its error and what to do. The others are loaded all the same. `stays`: what was loaded under that name before is still there. */
  readonly failed: readonly { readonly name: string; readonly code: string; readonly detail: string; readonly stays?: true }[]
  /** Loaded, but for what the detail names: pages that are pictures, attachments. */
  readonly partly: readonly { readonly name: string; readonly detail: string }[]
}

export interface LoadProgress {
  /** Files given over so far. */
  readonly given: number
  /** How many of them are neither loaded nor failed yet. Only once all were given over. */
  readonly left?: number
  /** The progress of the agent's documents at this moment, by this load or another. */
  readonly workflow?: DocumentsProgress
}

export interface LoadOptions {
  readonly onProgress?: (progress: LoadProgress) => void
  /** Stops the waiting, not the loading. */
  readonly signal?: AbortSignal
}

export interface DocumentMethods {
  /**
   * Loads documents into the agent's archival memory, by a workflow of its own. Once a file is given over nothing of it is lost,
   * whichever process dies, and whoever ends that workflow: workers start it again. The same content under the same name is loaded once.
   * Files are taken one at a time, so a large set needs little memory here.
   * PDF, DOCX, PPTX, XLSX, ODT, EPUB, FB2, RTF, HTML, Markdown, CSV, mail, notebooks, JSON, YAML, subtitles, calendars, address cards, source code and text. When it is done the agent gets an event of kind `upload`.
   * @throws PerdureError `agent-unknown`, `invalid-argument` for a name, `server-unavailable` at once where an operator has paused that workflow; files that can't be read are in `failed`
   */
  loadDocuments(agentId: string, files: AsyncIterable<DocumentFile> | Iterable<DocumentFile>, options?: LoadOptions): Promise<LoadResult>
  /** Takes documents out of archival memory, with their passages. Names that there are not are left out of `removed`. */
  unloadDocuments(agentId: string, names: readonly string[], options?: LoadOptions): Promise<LoadResult>
  /**
   * By name.
   * @throws PerdureError `agent-unknown`
   */
  documents(agentId: string, page?: { readonly offset?: number; readonly limit?: number }): Promise<{ readonly total: number; readonly documents: readonly ShownDocument[] }>
}

export function documentMethods(workflows: AgentWorkflows, stores: Stores, { agentOf }: AgentNames): DocumentMethods {
  const { documents } = stores.memory
  const { taskQueue } = workflows
  return {
    loadDocuments: async (agentName, files, { onProgress, signal } = {}) => {
      const { key: agentId } = await agentOf(agentName)
      const set = randomUUID()
      let unchanged = 0
      let given = 0
      let wokenAt = -Infinity
      const refused: LoadResult['failed'][number][] = []
      for await (const file of files) {
        signal?.throwIfAborted()
        const outcome = await deposit(stores, { agentId, set, file, taskQueue })
        if (outcome === 'unchanged') unchanged += 1
        else if (outcome !== 'given') refused.push(outcome)
        given += 1
        onProgress?.({ given })
        if (outcome !== 'given' || performance.now() - wokenAt < wakeEveryMs) continue
        await wakeDocuments(workflows, { agentId, more: true, signal })
        wokenAt = performance.now()
      }
      if (given === unchanged + refused.length) return { loaded: 0, unchanged, removed: 0, passages: 0, failed: refused, partly: [] }
      await finished(workflows, stores, { agentId, set, signal, onProgress: (more) => onProgress?.({ given, ...more }) })
      // What was given over went with the agent if it was deleted meanwhile.
      if ((await agentOf(agentName)).key !== agentId) throw new PerdureError('agent-unknown', `agent ${JSON.stringify(agentName)} was deleted while its documents were loaded; the present one of that name has none of them`)
      const done = await documents.ofSet(agentId, set)
      const loaded = done.filter(({ status }) => status === 'loaded')
      const partly = loaded.flatMap(({ name, unread }) => (unread === undefined ? [] : [{ name, detail: unread }]))
      const failed = done.filter(({ status }) => status === 'failed').map((document) => failureOf(document))
      return { loaded: loaded.length, unchanged, removed: 0, passages: loaded.reduce((sum, { chunks = 0 }) => sum + chunks, 0), failed: [...refused, ...failed], partly }
    },
    unloadDocuments: async (agentName, names, { onProgress, signal } = {}) => {
      const { key: agentId } = await agentOf(agentName)
      const set = randomUUID()
      let removed = 0
      for (const name of new Set(names.map(composed))) {
        const known = await change(stores, { agentId, name }, (document) => document && { ...document, set, status: 'removing', taskQueue, at: new Date().toISOString() })
        if (known !== undefined) removed += 1
      }
      if (removed > 0) await finished(workflows, stores, { agentId, set, signal, onProgress: (more) => onProgress?.({ given: removed, ...more }) })
      return { loaded: 0, unchanged: 0, removed, passages: 0, failed: [], partly: [] }
    },
    documents: async (agentName, { offset = 0, limit = 100 } = {}) => {
      const { total, documents: found } = await documents.list((await agentOf(agentName)).key, { offset, limit })
      return { total, documents: found.map(shown) }
    },
  }
}

function shown(document: StoredDocument): ShownDocument {
  const { taskQueue, ...rest } = document
  return taskQueue === undefined ? document : rest
}

const failureOf = ({ name, code = 'activity-failed', detail = '', earlier = [] }: StoredDocument): LoadResult['failed'][number] => ({ name, code, detail, ...(earlier.length > 0 && { stays: true }) })

type Given = 'given' | 'unchanged' | LoadResult['failed'][number]

/** Content first, then the record that names it: a crash in between leaves a content that nobody asks for. */
async function deposit(stores: Stores, { agentId, set, file, taskQueue }: { readonly agentId: string; readonly set: string; readonly file: DocumentFile; readonly taskQueue: string }): Promise<Given> {
  const { documents } = stores.memory
  const { bytes, path } = file
  const name = composed(file.name)
  assertDocumentName(name)
  const before = await documents.get(agentId, name)
  const problem = sizeProblem(name, bytes.length)
  if (problem !== undefined) return { name, code: problem.code, detail: problem.message, ...(holdsContent(before) && !isOther(before, path) && { stays: true }) }
  const hash = await contentHash(name, bytes)
  const isThere = (known: StoredDocument | undefined): boolean => known?.status === 'loaded' && known.hash === hash
  if (isOther(before, path)) return { name, code: 'document-name-taken', detail: `${name} is the name of another file that is loaded, ${before?.path ?? ''}; give this one by its absolute path, or unload that one first` }
  if (isThere(before)) return 'unchanged'
  for (let part = 0; part * partBytes < bytes.length; part += 1) {
    await documents.putContent(agentId, hash, part, bytes.subarray(part * partBytes, (part + 1) * partBytes))
  }
  const written = await change(stores, { agentId, name }, (known) => {
    if (isThere(known)) return undefined
    const contents = known === undefined ? [] : [...(known.earlier ?? []), ...(known.status === 'failed' ? [] : [known.hash])]
    const earlier = [...new Set(contents)].filter((content) => content !== hash)
    return { agentId, name, hash, bytes: bytes.length, set, status: 'waiting', taskQueue, at: new Date().toISOString(), ...(earlier.length > 0 && { earlier }), ...(path !== undefined && { path }) }
  })
  return written === undefined ? 'unchanged' : 'given'
}

/** A file is known by its path. Of a document that another program gave, without a path, nothing is known. */
const isOther = (known: StoredDocument | undefined, path: string | undefined): boolean =>
  known?.path !== undefined && path !== undefined && known.path !== path && (known.status === 'loaded' || known.status === 'waiting')

/** Passages of it are found, or will be. */
const holdsContent = (known: StoredDocument | undefined): boolean => known?.status === 'loaded' || known?.status === 'waiting' || (known?.earlier ?? []).length > 0

/** Reads and writes until nobody comes in between. Undefined where there is nothing to change. */
async function change(
  { memory: { documents } }: Stores,
  { agentId, name }: { readonly agentId: string; readonly name: string },
  changed: (known: StoredDocument | undefined) => StoredDocument | undefined,
): Promise<StoredDocument | undefined> {
  for (;;) {
    const known = await documents.get(agentId, name)
    const wanted = changed(known)
    if (wanted === undefined || (await documents.put(wanted, known))) return wanted
  }
}

/** Somebody deleted it, or Temporal's database is another one. */
function lostIfUnknown(error: unknown): 'LOST' {
  if (error instanceof WorkflowNotFoundError) return 'LOST'
  throw error
}

interface Waiting {
  readonly agentId: string
  readonly set: string
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: Pick<LoadProgress, 'left' | 'workflow'>) => void
}

/** Until nothing of the set is left to do, and the agent has been told, unless the workflow goes on with another set. */
async function finished(workflows: AgentWorkflows, { memory: { documents } }: Stores, { agentId, set, signal, onProgress }: Waiting): Promise<void> {
  const handle = workflows.temporal.workflow.getHandle(documentsWorkflowIdOf(agentId))
  await wakeDocuments(workflows, { agentId, more: false, signal })
  for (;;) {
    const status = await patiently(workflows, { agentId, call: () => handle.describe().then(({ status: { name } }) => name, lostIfUnknown), signal })
    const left = await documents.countPending(agentId, set)
    const runs = status === 'RUNNING'
    if (left === 0 && (!runs || (await documents.pending(agentId, 1)).length > 0)) return
    if (status === 'PAUSED') throw new PerdureError('server-unavailable', `an operator has paused the workflow ${handle.workflowId} in Temporal, which loads the agent's documents; they are loaded once it is unpaused there (\`temporal workflow unpause\`)`)
    if (status === 'FAILED') throw new PerdureError('server-unavailable', 'the loading of documents failed; the workers begin it again within minutes, and so does whoever loads them again')
    // The workflow ended before it got the last of them, or somebody ended it.
    if (!runs) await wakeDocuments(workflows, { agentId, more: false, signal })
    const workflow = runs ? await handle.query<DocumentsProgress>(progressQuery).catch(() => undefined) : undefined
    onProgress({ left, ...(workflow && { workflow }) })
    await sleep(pollMs, undefined, signal && { signal })
  }
}
