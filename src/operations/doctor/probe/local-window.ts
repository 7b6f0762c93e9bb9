import { z } from 'zod'
import type { Endpoint } from '../../../model/openai/client.ts'
import { isNamed, type ListedModels } from './listed-models.ts'

const psSchema = z.looseObject({ models: z.array(z.looseObject({ name: z.string(), context_length: z.number().positive().optional().catch(undefined) })) })
const showSchema = z.looseObject({ model_info: z.record(z.string(), z.unknown()) })
const loadedSchema = z.looseObject({ loaded_context_length: z.number().positive().optional(), max_context_length: z.number().positive().optional() })

/** The window that Ollama or LM Studio gives a model, by their own interfaces; after the model was asked something, so that it is loaded. */
export async function localWindow(endpoint: Endpoint, server: ListedModels['server'], model: string, signal: AbortSignal): Promise<number | undefined> {
  const { origin } = new URL(endpoint.client.baseURL)
  const ask = (path: string): Promise<unknown> => endpoint.request(signal, (options) => endpoint.client.get(`${origin}${path}`, options))
  if (server === 'lm-studio') {
    const loaded = loadedSchema.safeParse(await ask(`/api/v0/models/${encodeURIComponent(model)}`))
    return loaded.data?.loaded_context_length ?? loaded.data?.max_context_length
  }
  const running = psSchema.safeParse(await ask('/api/ps')).data?.models.find(({ name }) => isNamed(name, model))
  if (running?.context_length !== undefined) return running.context_length
  const shown: unknown = await endpoint.request(signal, (options) => endpoint.client.post(`${origin}/api/show`, { ...options, body: { model } }))
  const info = showSchema.safeParse(shown).data?.model_info ?? {}
  const [, most] = Object.entries(info).find(([key]) => key.endsWith('.context_length')) ?? []
  return typeof most === 'number' ? most : undefined
}
