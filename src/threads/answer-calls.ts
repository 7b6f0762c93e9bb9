import { parentPort } from 'node:worker_threads'
import type { Answer, Call } from './messages.ts'
import { thrownOf } from './thrown.ts'

export type Functions = Readonly<Record<string, (...args: readonly never[]) => unknown>>

/** In a thread: runs what is called, each call as soon as it comes. `functions` gives those that there are by then. */
export function answerCalls(functions: () => Functions): void {
  const port = parentPort
  if (port === null) throw new Error('this runs in a worker thread only')
  const say = (answer: Answer): void => port.postMessage(answer)
  const answerTo = async ({ id, name, args }: Call): Promise<void> => {
    try {
      const called = functions()[name]
      if (called === undefined) throw new Error(`the thread has no function ${name}`)
      say({ id, result: await called(...(args as readonly never[])) })
    } catch (error) {
      say({ id, thrown: thrownOf(error) })
    }
  }
  port.on('message', (call: Call) => void answerTo(call))
}
