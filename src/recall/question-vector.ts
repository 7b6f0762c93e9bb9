import type { EmbeddingSpace } from '../stores/embedding-space.ts'

/** What makes a vector of a question; an `Embedder` is one. */
export interface QueryEmbedder extends EmbeddingSpace {
  embed(texts: readonly string[], signal: AbortSignal, as?: 'passage' | 'query'): Promise<readonly (readonly number[])[]>
}

/** What meaning may take of a search's time where words answer as well: then it is answered by words alone. */
const meaningMs = 1_500

/**
 * The vector of a question. Undefined where the model fails, or has not answered in time.
 * @throws what aborted `signal`
 */
export function vectorOfQuestion(embedder: QueryEmbedder, text: string, options: { readonly signal?: AbortSignal; readonly withinMs?: number } = {}): Promise<readonly number[] | undefined> {
  return inTime((late) => embedder.embed([text], late, 'query').then(([first]) => first), options)
}

/**
 * The answer; undefined where asking fails, or has not ended in time. A model that hangs may not look at its signal, so it is not waited for.
 * @param ask its signal is aborted when it is too late, or nobody wants the answer
 * @throws what aborted `signal`
 */
export async function inTime<Answer>(ask: (signal: AbortSignal) => Promise<Answer>, { signal, withinMs = meaningMs }: { readonly signal?: AbortSignal | undefined; readonly withinMs?: number }): Promise<Answer | undefined> {
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
