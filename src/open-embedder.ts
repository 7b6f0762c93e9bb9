import type { ModelConfig } from './config/config.ts'
import type { Embedder } from './model/model.ts'
import { withPackages } from './stores/with-packages.ts'

/** The configured embedding model, as the workers have it. What it is made of is loaded for the first text. */
export function openEmbedder(config: ModelConfig): Embedder {
  let loaded: Promise<Embedder> | undefined
  return {
    model: config.embeddingModel,
    dimensions: config.embeddingDimensions,
    embed: async (texts, signal) => {
      loaded ??= load(config)
      return (await loaded).embed(texts, signal)
    },
  }
}

async function load({ kind, apiKey, baseUrl, embeddingModel: model, embeddingDimensions: dimensions }: ModelConfig): Promise<Embedder> {
  if (kind === 'simulated') return (await import('./simulated/embedder.ts')).simulatedEmbedder()
  const { openAIEmbedder } = await withPackages({ what: 'embeddings of an endpoint', packages: ['openai', 'undici'] }, () => import('./model/openai/embedder.ts'))
  return openAIEmbedder({ apiKey: apiKey ?? '', ...(baseUrl !== undefined && { baseURL: baseUrl }), model, dimensions })
}
