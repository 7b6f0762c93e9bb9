import type { ModelConfig } from './config/config.ts'
import { embedderSettingsOf, embeddingSpaceOf } from './config/embeddings.ts'
import type { Embedder } from './model/model.ts'
import { withPackages } from './stores/with-packages.ts'

/** The configured embedding model, as the workers have it. What it is made of is loaded for the first text. */
export function openEmbedder(config: ModelConfig): Embedder {
  let loaded: Promise<Embedder> | undefined
  return {
    ...embeddingSpaceOf(config),
    embed: async (texts, signal, as) => {
      loaded ??= load(config)
      return (await loaded).embed(texts, signal, as)
    },
  }
}

async function load(config: ModelConfig): Promise<Embedder> {
  if (config.kind === 'simulated') return (await import('./simulated/embedder.ts')).simulatedEmbedder()
  const { openAIEmbedder } = await withPackages({ what: 'embeddings of an endpoint', packages: ['openai', 'undici'] }, () => import('./model/openai/embedder.ts'))
  return openAIEmbedder(embedderSettingsOf(config))
}
