/**
 * The answer; undefined where asking fails, or has not ended in time. A model that hangs may not look at its signal, so it is not waited for.
 * @param ask its signal is aborted when it is too late, or nobody wants the answer
 * @throws what aborted `signal`
 */
export async function inTime<Answer>(ask: (signal: AbortSignal) => Promise<Answer>, { signal, withinMs }: { readonly signal?: AbortSignal | undefined; readonly withinMs: number }): Promise<Answer | undefined> {
  signal?.throwIfAborted()
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let stop = (): void => undefined
  const givenUp = new Promise<undefined>((resolve) => {
    stop = () => {
      late.abort()
      resolve(undefined)
    }
    timer = setTimeout(stop, withinMs)
  })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const answer = await Promise.race([ask(late.signal).catch(() => undefined), givenUp])
    signal?.throwIfAborted()
    return answer
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
