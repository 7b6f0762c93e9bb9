import { setTimeout as sleep } from 'node:timers/promises'
import { PerdureError } from '../protocol/errors.ts'
import { ModelError } from '../model/model-error.ts'
import type { Embedder } from '../model/model.ts'

/** Milliseconds between attempts where the endpoint does not say. */
const pauses = [500, 2_000, 5_000, 15_000, 30_000]

/**
 * Embeds, and asks again where the endpoint is busy or away for a while: of a long work, one such moment is not the end.
 * @throws PerdureError `model-unreachable`, `model-refused`, `config-invalid` for what the endpoint does not take, or for other dimensions
 */
export async function embedPatiently(embedder: Embedder, texts: readonly string[]): Promise<readonly (readonly number[])[]> {
  const signal = new AbortController().signal
  for (const pause of pauses) {
    try {
      return await embedder.embed(texts, signal)
    } catch (error) {
      if (!ModelError.isInstance(error) || !error.retryable) throw named(error)
      await sleep(error.retryAfterMs ?? pause)
    }
  }
  return embedder.embed(texts, signal).catch((error: unknown) => {
    throw named(error)
  })
}

function named(error: unknown): unknown {
  if (!ModelError.isInstance(error)) return error
  const code = error.retryable ? 'model-unreachable' : error.kind === 'refused' ? 'model-refused' : 'config-invalid'
  return new PerdureError(code, error.message, { cause: error })
}
