export type Work = () => Promise<void>

/** Does one thing after the other, in the background. */
export interface WorkQueue {
  readonly busy: boolean
  add(work: Work): void
  /** Forgets what has not begun. */
  clear(): void
}

/** @param onIdle called when nothing is left to do */
export function workQueue(onIdle: () => void): WorkQueue {
  const waiting: Work[] = []
  let busy = false
  const workThrough = async (): Promise<void> => {
    busy = true
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await work()
    busy = false
    onIdle()
  }
  return {
    get busy() {
      return busy
    },
    add: (work) => {
      waiting.push(work)
      if (!busy) void workThrough()
    },
    clear: () => {
      waiting.length = 0
    },
  }
}
