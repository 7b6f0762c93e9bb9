import type { Config } from '../config/config.ts'
import type { ChatModel, Embedder } from '../model/model.ts'
import { openAIEmbedder, openAIModel } from '../model/openai.ts'
import { serveModel } from '../simulated/server/serve.ts'
import { simulatedEmbedder, simulatedModel } from '../simulated/index.ts'
import { withToolFormat } from '../model/tool-format.ts'

/** The configured endpoint; without one a simulated model of this process's own, reached the same way. */
export async function openModel({ model }: Config): Promise<{ model: ChatModel; embedder: Embedder; close: () => Promise<void> }> {
  const own = model.kind === 'simulated' ? await serveModel({ model: simulatedModel(), embedder: simulatedEmbedder() }) : undefined
  const baseURL = own?.url ?? model.baseUrl
  const timeoutMs = model.requestSeconds * 1_000
  const endpoint = { apiKey: model.apiKey ?? '', timeoutMs, ...(baseURL !== undefined && { baseURL }) }
  // The key of one endpoint is not another's business.
  const embeddings = model.embeddingBaseUrl === undefined ? endpoint : { baseURL: model.embeddingBaseUrl, apiKey: model.embeddingApiKey ?? '', timeoutMs }
  return {
    model: withToolFormat(openAIModel({ ...endpoint, toolChoice: model.toolChoice }), model.toolFormat),
    embedder: openAIEmbedder({ ...embeddings, model: model.embeddingModel, dimensions: model.embeddingDimensions }),
    close: async () => own?.close(),
  }
}
