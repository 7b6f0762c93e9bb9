/**
 * Asks with a signal that is aborted together with the caller's, and after that time. A signal of `AbortSignal.timeout` that is only given to
 * `AbortSignal.any` is held by nothing: the next garbage collection takes it, and it is never aborted.
 */
export async function withinTime<Answer>(milliseconds: number, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new DOMException(`no answer within ${milliseconds} ms`, 'TimeoutError')), milliseconds)
  try {
    return await ask(AbortSignal.any([signal, late.signal]))
  } finally {
    clearTimeout(timer)
  }
}
