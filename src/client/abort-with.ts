/**
 * Aborts the controller, with their reason, as soon as one of the signals is aborted. What it returns lets go of them. `AbortSignal.any`
 * would leave something on a signal that lives longer, as that of a server's end, for each of the many that follow it.
 */
export function abortWith(controller: AbortController, ...signals: readonly (AbortSignal | undefined)[]): () => void {
  const followed = signals.filter((signal) => signal !== undefined)
  const follow = ({ target }: Event): void => controller.abort((target as AbortSignal).reason)
  const aborted = followed.find((signal) => signal.aborted)
  if (aborted !== undefined) controller.abort(aborted.reason)
  else for (const signal of followed) signal.addEventListener('abort', follow, { once: true })
  return () => {
    for (const signal of followed) signal.removeEventListener('abort', follow)
  }
}
