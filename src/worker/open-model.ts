import type { Config } from '../config/config.ts'
import { embedderSettingsOf } from '../config/embeddings.ts'
import type { ChatModel, Embedder } from '../model/model.ts'
import { openAIEmbedder, openAIModel } from '../model/openai.ts'
import { serveModel } from '../simulated/server/serve.ts'
import { simulatedEmbedder, simulatedModel } from '../simulated/index.ts'
import { withSampling } from '../model/sampling.ts'
import { withToolFormat } from '../model/tool-format.ts'

/** The configured endpoint; without one a simulated model of this process's own, reached the same way. */
export async function openModel({ model }: Config): Promise<{ model: ChatModel; embedder: Embedder; close: () => Promise<void> }> {
  const own = model.kind === 'simulated' ? await serveModel({ model: simulatedModel(), embedder: simulatedEmbedder() }) : undefined
  const baseURL = own?.url ?? model.baseUrl
  const timeoutMs = model.requestSeconds * 1_000
  const endpoint = { apiKey: model.apiKey ?? '', timeoutMs, ...(baseURL !== undefined && { baseURL }) }
  return {
    model: withSampling(withToolFormat(openAIModel({ ...endpoint, toolChoice: model.toolChoice }), model.toolFormat), model.sampling),
    embedder: openAIEmbedder(embedderSettingsOf(model, own?.url)),
    close: async () => own?.close(),
  }
}
