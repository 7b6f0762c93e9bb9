/** Over when the time is, or when the signal is aborted: then without an error. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, milliseconds)
    if (signal?.aborted === true) over()
    else signal?.addEventListener('abort', over, { once: true })
  })
}

/** Before try number `tries` + 1: longer each time, up to five seconds, and never the same for many who were cut off together. */
export const backoffMs = (tries: number): number => Math.min(5_000, 100 * 2 ** tries) * (0.5 + Math.random() / 2)
