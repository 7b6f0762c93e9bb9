export type Work = () => Promise<void>

/** Does one thing after the other, in the background. */
export interface WorkQueue {
  readonly busy: boolean
  add(work: Work): void
}

export function workQueue(): WorkQueue {
  const waiting: Work[] = []
  let busy = false
  const workThrough = async (): Promise<void> => {
    busy = true
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await work()
    busy = false
  }
  return {
    get busy() {
      return busy
    },
    add: (work) => {
      waiting.push(work)
      if (!busy) void workThrough()
    },
  }
}
