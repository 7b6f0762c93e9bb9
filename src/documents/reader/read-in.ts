import type { Worker } from 'node:worker_threads'
import type { Chunk } from '../../protocol/documents.ts'
import { PerdureError } from '../../protocol/errors.ts'
import type { Found } from '../found.ts'
import type { ReadingBounds } from './bounds.ts'
import { outOfMemory, type FromThread, type ToThread } from './messages.ts'
import { workingTime } from './working-time.ts'

export interface DocumentToRead {
  readonly name: string
  /** Its content, in order. What this fails with, the reading fails with. */
  readonly parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** The thread goes on when they are taken. What this fails with, the reading fails with. */
  readonly onChunks: (chunks: readonly Chunk[]) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Reads a document in this thread. What the thread says of the document is its answer; a thread with which this fails is to be ended.
 * @throws PerdureError `document-too-large` for a bound that was broken, `document-broken` where the thread died
 */
export async function readIn(thread: Worker, { name, parts, onChunks, signal }: DocumentToRead, bounds: ReadingBounds): Promise<Found | Error> {
  signal.throwIfAborted()
  const tell = (message: ToThread): void => thread.postMessage(message)
  tell({ kind: 'begin', name })
  for await (const bytes of parts) {
    signal.throwIfAborted()
    tell({ kind: 'part', bytes })
  }
  let stop = (): void => undefined
  try {
    return await new Promise<Found | Error>((resolve, reject) => {
      const time = workingTime(bounds.seconds, () => reject(tooLarge(name, `takes more than ${bounds.seconds} seconds to read`)))
      const onMessage = (message: FromThread): void => {
        if (message.kind === 'done') resolve(message.found)
        else if (message.kind === 'failed') resolve(message.code === undefined ? new Error(message.message) : new PerdureError(message.code, message.message))
        else {
          time.pause()
          onChunks(message.chunks).then(() => {
            time.goOn()
            tell({ kind: 'taken' })
          }, reject)
        }
      }
      const onError = (error: unknown): void => reject(errorOf(error, name, bounds))
      const onExit = (status: number): void => reject(status === outOfMemory ? needsMemory(name, bounds) : new PerdureError('document-broken', `${name} can't be read: its reader came to an end`))
      const onAbort = (): void => reject(signal.reason as Error)
      stop = () => {
        time.pause()
        thread.off('message', onMessage).off('error', onError).off('exit', onExit)
        signal.removeEventListener('abort', onAbort)
      }
      thread.on('message', onMessage).on('error', onError).on('exit', onExit)
      signal.addEventListener('abort', onAbort)
      time.goOn()
      tell({ kind: 'end' })
    })
  } finally {
    stop()
  }
}

/** Whatever ends a thread by itself is of the file, and would end the next thread as well. */
function errorOf(error: unknown, name: string, bounds: ReadingBounds): PerdureError {
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') return needsMemory(name, bounds, error)
  return new PerdureError('document-broken', `${name} can't be read: the file is damaged or incomplete`, { cause: error })
}

const needsMemory = (name: string, { megabytes }: ReadingBounds, cause?: unknown): PerdureError => tooLarge(name, `needs more than ${megabytes} MB of memory to be read`, cause)
const tooLarge = (name: string, what: string, cause?: unknown): PerdureError => new PerdureError('document-too-large', `${name} ${what}; split it, or save it in a simpler format`, { cause })
