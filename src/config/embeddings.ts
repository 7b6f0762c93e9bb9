import { embeddingSpaceName } from '../model/embedding-space-name.ts'
import type { EmbedderSettings } from '../model/openai/embedder.ts'
import type { EmbeddingSpace } from '../stores/archival.ts'
import type { ModelConfig } from './config.ts'

/**
 * What an embedder needs to know, for whichever process embeds.
 * @param ownUrl of the simulated model, where that is configured
 */
export function embedderSettingsOf(model: ModelConfig, ownUrl?: string): EmbedderSettings & { readonly dimensions: number } {
  const { embeddingBaseUrl, embeddingPassagePrefix: passage, embeddingQueryPrefix: query } = model
  // The key of one endpoint is not another's business.
  const apart = embeddingBaseUrl !== undefined
  const baseURL = apart ? embeddingBaseUrl : (ownUrl ?? model.baseUrl)
  return {
    apiKey: (apart ? model.embeddingApiKey : model.apiKey) ?? '',
    ...(baseURL !== undefined && { baseURL }),
    timeoutMs: model.requestSeconds * 1_000,
    model: model.embeddingModel,
    dimensions: model.embeddingDimensions,
    prefixes: { ...(passage !== undefined && { passage }), ...(query !== undefined && { query }) },
  }
}

/** What the vectors of this configuration are kept and compared under. */
export const embeddingSpaceOf = ({ embeddingModel, embeddingPassagePrefix, embeddingDimensions }: ModelConfig): EmbeddingSpace => ({
  model: embeddingSpaceName(embeddingModel, embeddingPassagePrefix),
  dimensions: embeddingDimensions,
})
