import type { Worker } from 'node:worker_threads'
import { startThread } from '../../threads/start-thread.ts'
import type { Found } from '../found.ts'
import { usualBounds, type ReadingBounds } from './bounds.ts'
import { readIn, type DocumentToRead } from './read-in.ts'

/** Threads of one process that read at once; more documents wait for one. Each may need as much memory as its bound says. */
const atOnce = 2
/** How long an idle thread is kept: a folder's next file comes soon, and a thread takes a tenth of a second to start. */
const idleMs = 20_000

export interface DocumentReader {
  /**
   * Reads a document in a thread of its own, so that neither its size nor what is wrong with it holds up this one or ends its process.
   * @throws PerdureError `document-too-large`, `document-empty`, `document-unread`, `document-binary`, `document-encrypted`, `document-broken`
   */
  read(document: DocumentToRead): Promise<Found>
}

/** A thread serves one document at a time. One that gave no answer, or not in time, is ended: nobody knows what it still does. */
export function createReader(bounds: ReadingBounds = usualBounds): DocumentReader {
  const idle: { readonly thread: Worker; readonly wake: () => void }[] = []
  const waiting: (() => void)[] = []
  let running = 0

  const takeThread = (): Worker => {
    const kept = idle.pop()
    kept?.wake()
    return kept?.thread ?? startThread({ beside: import.meta.url, file: 'thread', megabytes: bounds.megabytes })
  }
  const keepThread = (thread: Worker): void => {
    const forget = (): void => {
      const place = idle.findIndex((one) => one.thread === thread)
      if (place >= 0) idle.splice(place, 1)
      clearTimeout(end)
    }
    const end = setTimeout(() => {
      forget()
      void thread.terminate()
    }, idleMs).unref()
    // One that dies while nothing is asked of it is not missed.
    thread.on('error', forget).on('exit', forget)
    thread.unref()
    idle.push({ thread, wake: () => (clearTimeout(end), thread.off('error', forget).off('exit', forget)) })
  }
  const turn = async (): Promise<void> => {
    if (running < atOnce) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const next = (): void => {
    const first = waiting.shift()
    if (first === undefined) running -= 1
    else first()
  }

  return {
    read: async (document) => {
      await turn()
      try {
        const thread = takeThread()
        thread.ref()
        let answer: Found | Error
        try {
          answer = await readIn(thread, document, bounds)
        } catch (error) {
          thread.on('error', () => undefined)
          await thread.terminate()
          throw error
        }
        keepThread(thread)
        if (answer instanceof Error) throw answer
        return answer
      } finally {
        next()
      }
    },
  }
}
