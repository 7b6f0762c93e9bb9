import type { Worker } from 'node:worker_threads'
import type { Answer, Call } from './messages.ts'
import { errorOf } from './thrown.ts'

export interface CallsTo {
  /** Rejects with what the function threw, or with what ended the thread. */
  call(name: string, ...args: readonly unknown[]): Promise<unknown>
  /** Ends the thread, whatever it does. What is not answered is rejected. */
  end(): Promise<void>
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Calls functions of a thread that answers with `answerCalls`. The process stays alive while an answer is due.
 * @param ended is told once that the thread is no more, and makes the error for what it has not answered
 */
export function callsTo(thread: Worker, ended: (why: unknown) => Error): CallsTo {
  const waiting = new Map<number, Waiting>()
  let latest = 0
  let end: Error | undefined
  let ending = false

  const settle = (id: number): Waiting | undefined => {
    const found = waiting.get(id)
    waiting.delete(id)
    // Whoever ends the thread waits for that, and must not find the process over.
    if (waiting.size === 0 && !ending) thread.unref()
    return found
  }
  const endedBy = (why: unknown): void => {
    if (end !== undefined) return
    end = ended(why)
    for (const { reject } of waiting.values()) reject(end)
    waiting.clear()
  }
  thread.on('message', (answer: Answer) => {
    const due = settle(answer.id)
    if ('thrown' in answer) due?.reject(errorOf(answer.thrown))
    else due?.resolve(answer.result)
  })
  thread.on('error', endedBy)
  thread.on('exit', (status) => endedBy(new Error(`the thread has ended with status ${status}`)))

  return {
    call: async (name, ...args) => {
      if (end !== undefined) throw end
      latest += 1
      const id = latest
      const call: Call = { id, name, args }
      thread.postMessage(call)
      thread.ref()
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    },
    end: async () => {
      ending = true
      thread.ref()
      await thread.terminate()
    },
  }
}
