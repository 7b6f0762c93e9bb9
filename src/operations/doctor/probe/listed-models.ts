import { z } from 'zod'
import type { Endpoint } from '../../../model/openai/client.ts'

export interface ListedModels {
  readonly names: readonly string[]
  /** Tokens, as the endpoint says of the model asked for. */
  readonly contextWindow: number | undefined
  readonly server: 'ollama' | 'lm-studio' | 'other'
}

const tokens = z.number().positive().optional().catch(undefined)
const entrySchema = z.looseObject({
  id: z.string(),
  owned_by: z.string().optional().catch(undefined),
  max_model_len: tokens, // vLLM
  loaded_context_length: tokens, // LM Studio
  context_length: tokens, // OpenRouter, Together
  context_window: tokens, // Groq
  max_context_length: tokens, // Mistral
  meta: z.looseObject({ n_ctx: tokens, n_ctx_train: tokens }).optional().catch(undefined), // llama.cpp
})
const listSchema = z.union([z.looseObject({ data: z.array(z.unknown()) }).transform(({ data }) => data), z.array(z.unknown())])

/** What `GET /models` says. @throws ModelError */
export async function listedModels(endpoint: Endpoint, model: string, signal: AbortSignal): Promise<ListedModels | undefined> {
  const body: unknown = await endpoint.request(signal, (options) => endpoint.client.get('/models', options))
  const list = listSchema.safeParse(body)
  if (!list.success) return undefined
  const entries = list.data.flatMap((item) => entrySchema.safeParse(item).data ?? [])
  const owners = new Set(entries.map((entry) => entry.owned_by))
  // A server of one model alone takes it under any name.
  const entry = entries.find(({ id }) => isNamed(id, model)) ?? (entries.length === 1 ? entries[0] : undefined)
  const { max_model_len, loaded_context_length, context_length, context_window, max_context_length, meta } = entry ?? {}
  return {
    names: entries.map(({ id }) => id),
    contextWindow: max_model_len ?? loaded_context_length ?? meta?.n_ctx ?? context_length ?? context_window ?? max_context_length,
    server: owners.has('library') ? 'ollama' : owners.has('organization_owner') ? 'lm-studio' : 'other',
  }
}

/** Those that are most like a name that was meant first: of some endpoints hundreds are listed. */
export function likeFirst(names: readonly string[], meant: string): readonly string[] {
  const plain = (name: string): string => name.toLowerCase().replace(/^.*\//, '').replace(/[^a-z0-9]/g, '')
  const [word, whole] = [plain(meant), meant.toLowerCase()]
  const likeness = (name: string): number => (name.toLowerCase() === whole || plain(name) === word ? 2 : plain(name).includes(word) || (plain(name).length > 2 && word.includes(plain(name))) ? 1 : 0)
  return names.toSorted((a, b) => likeness(b) - likeness(a))
}

/** Ollama lists `gemma3:latest` for `gemma3`, Gemini `models/gemini-…`. */
export const isNamed = (listed: string, model: string): boolean => listed === model || listed === `${model}:latest` || listed === `models/${model}`
