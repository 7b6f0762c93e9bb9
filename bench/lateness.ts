import { once } from 'node:events'
import { closeSync, openSync, readSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'

const resolution = 5

/** Runs in the thread: its loop has nothing to do but to measure itself. */
const idle = `
  const { parentPort } = require('node:worker_threads')
  const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: ${resolution} })
  parentPort.on('message', (begins) => {
    if (begins) { delay.reset(); delay.enable() } else { delay.disable(); parentPort.postMessage(delay.max / 1e6) }
  })`

/** Each the most between two turns of the loop. Milliseconds. */
export interface Held {
  /** Time of the processor that this thread took. */
  readonly computing: number
  /** The same, with the time for which it waited by itself: for the disk, or for the collection of garbage by other threads. */
  readonly inAll: number
}

export interface Lateness {
  /** By how much this thread's event loop was late at most. Milliseconds. */
  readonly own: number
  /** What held it for longest, without the time for which others had its core. Undefined where the system does not tell (it does on Linux). */
  readonly held: Held | undefined
  /** By how much the loop of a thread was late that had nothing to do: so late the machine itself made whoever waited for it. */
  readonly idle: number
}

/** Measures the main thread from now on, until the returned function is called. */
export async function measureLateness(): Promise<() => Promise<Lateness>> {
  const thread = new Worker(idle, { eval: true })
  await once(thread, 'online')
  const delay = monitorEventLoopDelay({ resolution })
  thread.postMessage(true)
  delay.enable()
  const held = measureHeld()
  return async () => {
    delay.disable()
    thread.postMessage(false)
    const [late] = (await once(thread, 'message')) as [number]
    await thread.terminate()
    return { own: delay.max / 1e6, held: held(), idle: late }
  }
}

/** Between two ticks of a timer: what the scheduler says that this thread has run, and what has gone by without its wait for a core. */
function measureHeld(): () => Held | undefined {
  const scheduled = scheduledTimes()
  if (scheduled === undefined) return () => undefined
  let computing = 0
  let inAll = 0
  let from = performance.now()
  let last = scheduled.read()
  const timer = setInterval(() => {
    const now = performance.now()
    const times = scheduled.read()
    computing = Math.max(computing, times.run - last.run)
    inAll = Math.max(inAll, now - from - (times.waited - last.waited) - resolution)
    from = now
    last = times
  }, resolution)
  return () => {
    clearInterval(timer)
    scheduled.close()
    return { computing, inAll }
  }
}

/** For how many milliseconds the main thread has run, and has waited for a core, since it began. */
function scheduledTimes(): { readonly read: () => { readonly run: number; readonly waited: number }; readonly close: () => void } | undefined {
  let file: number
  try {
    file = openSync(`/proc/${process.pid}/task/${process.pid}/schedstat`, 'r')
  } catch {
    return undefined
  }
  const buffer = Buffer.alloc(128)
  return {
    read: () => {
      const [run = 0, waited = 0] = buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)).split(' ').map(Number)
      return { run: run / 1e6, waited: waited / 1e6 }
    },
    close: () => closeSync(file),
  }
}
