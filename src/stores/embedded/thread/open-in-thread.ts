import type { Worker } from 'node:worker_threads'
import { messageOf, PerdureError } from '../../../protocol/errors.ts'
import { callsTo, type CallsTo } from '../../../threads/calls-to.ts'
import { startThread } from '../../../threads/start-thread.ts'
import type { MemoryFile } from '../open.ts'
import { memoryFileBy } from './across.ts'

/**
 * `openMemoryFile` in a thread of its own: neither a search in a large memory nor a slow disk holds this one. A thread that dies is replaced
 * with the next call; what it had not answered is `server-unavailable`, which may be asked again.
 */
export async function openInThread(file: string, start = startHere): Promise<MemoryFile> {
  let opened: Promise<CallsTo> | undefined
  let closed = false
  let names: readonly string[] = []
  const open = async (): Promise<CallsTo> => {
    const thread = callsTo(start(), (why) => {
      opened = undefined
      return closed ? isClosed(file) : new PerdureError('server-unavailable', `the thread that has the memory file ${file} open has ended (${messageOf(why)}); ask again`, { cause: why })
    })
    try {
      names = (await thread.call('open', file)) as readonly string[]
      return thread
    } catch (error) {
      opened = undefined
      await thread.end()
      throw error
    }
  }
  const call = async (path: string, args: readonly unknown[]): Promise<unknown> => {
    if (closed) throw isClosed(file)
    return (await (opened ??= open())).call(path, ...args)
  }

  await (opened = open())
  const remote = memoryFileBy(names, call)
  return {
    ...remote,
    close: async () => {
      if (closed) return
      // A thread that has died has left nothing to be closed.
      const thread = await opened?.catch(() => undefined)
      if (thread !== undefined) await thread.call('close').catch(() => undefined)
      closed = true
      await thread?.end()
    },
  }
}

const startHere = (): Worker => startThread({ beside: import.meta.url, file: 'thread' })

const isClosed = (file: string): Error => new Error(`the memory file ${file} is closed`)
