import { z } from 'zod'
import { PerdureError } from '../../protocol/errors.ts'
import { notAnAnswer } from '../classify.ts'
import { ModelError } from '../model-error.ts'
import type { Embedder } from '../model.ts'
import { embedWithinLimits, type EmbeddingLimits } from './embed-within-limits.ts'
import { endpointOf, type Endpoint, type EndpointSettings } from './client.ts'

export interface EmbedderSettings extends EndpointSettings {
  readonly model: string
  /** Needed for a model that is not OpenAI's; see `probeDimensions`. OpenAI's third generation can shorten its vectors to this number. */
  readonly dimensions?: number
}

const nativeDimensions: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
}

/** The most texts of one request; several local endpoints accept no more. Where one accepts fewer, it is learned. */
const batch = 64

const answerSchema = z.looseObject({ data: z.array(z.looseObject({ index: z.number().optional(), embedding: z.array(z.number()).min(1) })) })

/**
 * Embeddings of any OpenAI-compatible endpoint.
 * @throws PerdureError `config-invalid` where the dimensions are neither given nor known
 */
export function openAIEmbedder(settings: EmbedderSettings): Embedder {
  const { model } = settings
  const native = nativeDimensions[model]
  const dimensions = settings.dimensions ?? native
  if (dimensions === undefined) {
    throw new PerdureError(
      'config-invalid',
      `the dimensions of the embedding model ${JSON.stringify(model)} are not known: set them, or ask the endpoint with probeDimensions`,
    )
  }
  const endpoint = endpointOf(settings)
  // A model that cannot shorten its vectors refuses the parameter, even with its own number of dimensions.
  const shortened = native !== undefined && dimensions !== native ? { dimensions } : {}
  const limits: EmbeddingLimits = { texts: batch, characters: Infinity }

  return {
    model,
    dimensions,
    async embed(texts, signal) {
      const vectors = await embedWithinLimits(texts, limits, (some) => embedBatch(endpoint, { model, ...shortened }, some, signal))
      const wrong = vectors.find((vector) => vector.length !== dimensions)
      if (wrong === undefined) return vectors
      throw new ModelError(
        'bad-request',
        `the embedding model ${model} answers with ${wrong.length} dimensions, not ${dimensions}: correct the setting`,
      )
    },
  }
}

/** Asks an endpoint how many dimensions its embedding model has. */
export async function probeDimensions(settings: Omit<EmbedderSettings, 'dimensions'>, signal: AbortSignal): Promise<number> {
  const [vector] = await embedBatch(endpointOf(settings), { model: settings.model }, ['dimensions'], signal)
  return vector?.length ?? 0
}

async function embedBatch(
  endpoint: Endpoint,
  settings: { readonly model: string; readonly dimensions?: number },
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  // An empty text is refused by OpenAI.
  const input = texts.map((text) => (text.trim() === '' ? ' .' : text))
  const body: unknown = await endpoint.request(signal, (options) =>
    endpoint.client.embeddings.create({ ...settings, input, encoding_format: 'float' }, options),
  )
  const answer = answerSchema.safeParse(body)
  if (!answer.success) throw notAnAnswer(z.prettifyError(answer.error), { secrets: endpoint.secrets })
  const { data } = answer.data
  if (data.length !== texts.length) throw notAnAnswer(`${data.length} vectors for ${texts.length} texts`)
  return data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map((item) => item.embedding)
}
