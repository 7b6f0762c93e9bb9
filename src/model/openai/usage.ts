import type { StepUsage } from '../../protocol/messages.ts'
import { isRecord } from '../../protocol/is-record.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What an answer, or a piece of one, says of its tokens: beside its choices, within one (Kimi), or in a field of its own (Groq).
 * @param before what an earlier piece has said: gateways before Anthropic count the prompt in the first and the answer in the last
 */
export function usageFieldsIn(answer: Fields, before?: unknown): unknown {
  const choices = Array.isArray(answer['choices']) ? (answer['choices'] as readonly unknown[]) : []
  const places = [answer['usage'], ...choices.map((choice) => recordOf(choice)['usage']), recordOf(answer['x_groq'])['usage']]
  const whole = places.find((fields) => usageOf(fields) !== undefined)
  if (whole !== undefined || !isRecord(before)) return whole
  const completion = places.map((fields) => completionOf(recordOf(fields))).find((tokens) => tokens > 0)
  return completion === undefined ? undefined : { ...before, completion_tokens: completion }
}

const completionOf = (usage: Fields): number => count(usage['completion_tokens'] ?? usage['output_tokens']) ?? 0

/** Undefined where nothing is reported: endpoints that do not count write zero. */
export function usageOf(fields: unknown): StepUsage | undefined {
  const usage = recordOf(fields)
  const promptTokens = count(usage['prompt_tokens'] ?? usage['input_tokens']) ?? 0
  if (promptTokens === 0) return undefined
  const cached = count(detailsOf(usage, 'prompt', 'input')['cached_tokens'] ?? usage['prompt_cache_hit_tokens'] ?? usage['cached_tokens']) ?? 0 // DeepSeek; Kimi
  return { promptTokens, cachedTokens: Math.min(cached, promptTokens), completionTokens: written(usage, promptTokens, cached) }
}

/**
 * xAI and Gemini count thoughts apart from the answer, some of them only in the total. There may also be what is not in the prompt's count, as some leave out what was
 * read from a cache or written to one: that is no thought.
 */
function written(usage: Fields, promptTokens: number, cached: number): number {
  const completion = completionOf(usage)
  const apart = (count(usage['total_tokens']) ?? 0) - promptTokens - completion - (cached > promptTokens ? cached : 0)
  const thoughts = count(detailsOf(usage, 'completion', 'output')['reasoning_tokens'])
  const isOfCache = apart === cached || toCache(usage) > 0
  return completion + Math.max(0, Math.min(apart, thoughts ?? (isOfCache ? 0 : apart)))
}

/** Tokens of the prompt that were written to a cache: Anthropic; LiteLLM; OpenRouter. */
function toCache(usage: Fields): number {
  const details = detailsOf(usage, 'prompt', 'input')
  return count(usage['cache_creation_input_tokens'] ?? details['cache_creation_tokens'] ?? details['cache_write_tokens']) ?? 0
}

const recordOf = (value: unknown): Fields => (isRecord(value) ? value : {})
const detailsOf = (usage: Fields, ...kinds: readonly string[]): Fields => recordOf(kinds.map((kind) => usage[`${kind}_tokens_details`]).find(isRecord))

/** Some write it as text. */
function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? Math.round(number) : undefined
}
