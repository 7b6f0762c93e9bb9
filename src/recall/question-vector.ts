import type { EmbeddingSpace } from '../stores/embedding-space.ts'
import { inTime } from './in-time.ts'

/** What makes a vector of a question; an `Embedder` is one. */
export interface QueryEmbedder extends EmbeddingSpace {
  embed(texts: readonly string[], signal: AbortSignal, as?: 'passage' | 'query'): Promise<readonly (readonly number[])[]>
}

/** What meaning may take of a search's time where words answer as well: then it is answered by words alone. */
export const meaningMs = 1_500

/**
 * The vector of a question. Undefined where the model fails, or has not answered in time.
 * @throws what aborted `signal`
 */
export function vectorOfQuestion(embedder: QueryEmbedder, text: string, { signal, withinMs = meaningMs }: { readonly signal?: AbortSignal; readonly withinMs?: number } = {}): Promise<readonly number[] | undefined> {
  return inTime((late) => embedder.embed([text], late, 'query').then(([first]) => first), { signal, withinMs })
}
