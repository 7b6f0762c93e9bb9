import type { ModelReply } from '../model.ts'

type FinishReason = ModelReply['finishReason']

const meanings: Readonly<Record<string, FinishReason>> = {
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  max_output_tokens: 'length',
  max_new_tokens: 'length',
  max_completion_tokens: 'length',
  max_length: 'length',
  token_limit: 'length', // watsonx
  context_length: 'length',
  model_context_window_exceeded: 'length', // Anthropic, Zhipu
  content_filter: 'filtered',
  safety: 'filtered',
  sensitive: 'filtered',
  recitation: 'filtered',
  prohibited_content: 'filtered',
  blocklist: 'filtered',
  refusal: 'filtered', // Anthropic
  content_filtered: 'filtered', // Bedrock
  guardrail_intervened: 'filtered', // Bedrock
  spii: 'filtered', // Gemini
  image_safety: 'filtered',
  error_toxic: 'filtered', // Cohere
  stop: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
}

/** Words, and a number, by which some say with every piece of an answer that they have no reason yet. */
const nothing = new Set(['', 'null', 'none', 'nil', 'undefined', 'unspecified', 'finish_reason_unspecified', '0'])

/** With these the endpoint itself broke the answer off; what came of it is no answer. DeepSeek, Zhipu, OpenRouter, SGLang, TGI, watsonx, gateways. */
const brokenOff = new Set(['insufficient_system_resource', 'network_error', 'error', 'abort', 'aborted', 'cancelled', 'canceled', 'timeout', 'time_limit', 'server_error', 'upstream_error', 'internal_error'])

/** What an answer, or a piece of one, says of its end, be it a word for nothing. */
export const statedWord = (given: unknown): string | undefined => (typeof given === 'string' || typeof given === 'number' ? String(given).trim() : undefined)

/** The reason of its end that an answer, or a piece of one, states. */
export function statedReason(given: unknown): string | undefined {
  const reason = statedWord(given)
  return reason === undefined || nothing.has(reason.toLowerCase()) ? undefined : reason
}

export const saysBrokenOff = (reason: string): boolean => brokenOff.has(reason.toLowerCase())

/** Some endpoints say "stop" beside calls; Gemini puts its own reason behind a colon. */
export function finishReasonOf(reason: string | undefined, calls: boolean): FinishReason {
  const meant = meanings[/^[^:]*/.exec((reason ?? '').toLowerCase())?.[0] ?? ''] ?? 'other'
  return calls && meant !== 'length' && meant !== 'filtered' ? 'tool-calls' : meant
}

/** Whether it explains an answer that says nothing: it was cut, held back or broken off. */
export const explainsSilence = (reason: string): boolean => saysBrokenOff(reason) || ['length', 'filtered'].includes(finishReasonOf(reason, false))
