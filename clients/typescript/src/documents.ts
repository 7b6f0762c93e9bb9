import type { DocumentFile, LoadResult } from '../../../src/index.ts'
import { invalidArgument } from './errors.ts'
import type { MethodsOf } from './methods-of.ts'
import { agent, canBePart, path } from './path.ts'
import type { Requests } from './requests.ts'

/** A request has files of so many bytes, or one larger file: what is in it is held in memory, here and there. */
const bytesAtOnce = 8 * 1024 * 1024
const filesAtOnce = 200
/** The largest that any document may be. What is larger a server would not even read. */
export const largestBytes = 64 * 1024 * 1024

const nothing: LoadResult = { loaded: 0, unchanged: 0, removed: 0, passages: 0, failed: [], partly: [] }

const sum = (one: LoadResult, other: LoadResult): LoadResult => ({
  loaded: one.loaded + other.loaded,
  unchanged: one.unchanged + other.unchanged,
  removed: one.removed + other.removed,
  passages: one.passages + other.passages,
  failed: [...one.failed, ...other.failed],
  partly: [...one.partly, ...other.partly],
})

export function documentMethods({ ask }: Requests): MethodsOf<'documents' | 'loadDocuments' | 'unloadDocuments'> {
  return {
    documents: async (agentId, { offset, limit } = {}) => ask({ method: 'GET', path: documentsOf(agentId), query: { offset, limit } }),
    loadDocuments: async (agentId, files, { onProgress, signal } = {}) => {
      let [result, given] = [nothing, 0]
      for await (const batch of batchesOf(files)) {
        signal?.throwIfAborted()
        for (const { name } of batch) assertName(name)
        const fit = batch.filter(({ bytes }) => bytes.length <= largestBytes)
        result = sum(result, { ...nothing, failed: batch.filter((file) => !fit.includes(file)).map(tooLarge) })
        if (fit.length > 0) result = sum(result, await ask<LoadResult>({ method: 'POST', path: documentsOf(agentId), body: formOf(fit), signal }))
        given += batch.length
        onProgress?.({ given })
      }
      // It says so of an agent that is not there.
      if (given === 0) await ask({ method: 'GET', path: documentsOf(agentId), query: { limit: 1 } })
      return result
    },
    unloadDocuments: async (agentId, names, { onProgress, signal } = {}) => {
      let [result, given] = [nothing, 0]
      for (const name of new Set(names.map((given) => given.normalize('NFC')))) {
        const document = { name, unknown: 'invalid-argument' } as const
        if (canBePart(name)) result = sum(result, await ask<LoadResult>({ method: 'DELETE', path: path`/agents/${agent(agentId)}/documents/${document}`, signal }))
        given += 1
        onProgress?.({ given })
      }
      if (given === 0) await ask({ method: 'GET', path: documentsOf(agentId), query: { limit: 1 } })
      return result
    },
  }
}

const tooLarge = ({ name, bytes }: DocumentFile): LoadResult['failed'][number] => ({
  name,
  code: 'document-too-large',
  detail: `${name} has ${bytes.length} bytes; a document has at most ${largestBytes}`,
})

/** A form would carry it as another name, or as no file. The server says it of what is too long. @throws PerdureError `invalid-argument` */
function assertName(name: string): void {
  if (/^[^\p{Cc}]+$/u.test(name)) return
  throw invalidArgument(`a document's name has 1 to 500 characters and no control characters, not ${JSON.stringify(name)}`)
}

const documentsOf = (agentId: string): string => path`/agents/${agent(agentId)}/documents`

async function* batchesOf(files: AsyncIterable<DocumentFile> | Iterable<DocumentFile>): AsyncIterable<readonly DocumentFile[]> {
  let batch: DocumentFile[] = []
  let bytes = 0
  for await (const file of files) {
    if (batch.length > 0 && (bytes + file.bytes.length > bytesAtOnce || batch.length === filesAtOnce)) {
      yield batch
      ;[batch, bytes] = [[], 0]
    }
    batch.push(file)
    bytes += file.bytes.length
  }
  if (batch.length > 0) yield batch
}

function formOf(files: readonly DocumentFile[]): FormData {
  const form = new FormData()
  // A copy: browsers take no memory that threads share.
  for (const { name, bytes } of files) form.append('file', new Blob([new Uint8Array(bytes)]), name)
  return form
}
