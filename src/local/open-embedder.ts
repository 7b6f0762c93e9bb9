import type { Config } from '../config.ts'
import type { Embedder } from '../model/model.ts'
import { openAIEmbedder } from '../model/openai.ts'
import { serveModel } from '../model/serve.ts'
import { simulatedEmbedder, simulatedModel } from '../model/simulated/index.ts'

/** The embedder that workers with this configuration use; without an endpoint the simulated one, reached the same way. */
export async function openEmbedder({ model }: Config): Promise<{ readonly embedder: Embedder; close: () => Promise<void> }> {
  const own = model.kind === 'simulated' ? await serveModel({ model: simulatedModel(), embedder: simulatedEmbedder() }) : undefined
  const baseURL = own?.url ?? model.baseUrl
  return {
    embedder: openAIEmbedder({ apiKey: model.apiKey ?? '', ...(baseURL !== undefined && { baseURL }), model: model.embeddingModel, dimensions: model.embeddingDimensions }),
    close: async () => own?.close(),
  }
}
