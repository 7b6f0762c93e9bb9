const tickMs = 500

/**
 * Calls `onOver` when something has worked for so many seconds. They are counted in ticks, each as one tick at most: a process that was
 * stopped for an hour has not worked for one.
 */
export function workingTime(seconds: number, onOver: () => void): { readonly pause: () => void; readonly goOn: () => void } {
  let left = seconds * 1_000
  let timer: NodeJS.Timeout | undefined
  let from = 0
  const count = (): void => {
    const now = performance.now()
    left -= Math.min(now - from, tickMs * 2)
    from = now
  }
  const tick = (): void => {
    count()
    if (left <= 0) onOver()
    else timer = setTimeout(tick, Math.min(tickMs, left))
  }
  return {
    goOn: () => {
      from = performance.now()
      timer = setTimeout(tick, Math.min(tickMs, left))
    },
    pause: () => {
      if (timer === undefined) return
      clearTimeout(timer)
      timer = undefined
      count()
    },
  }
}
