import type { ModelReply } from '../model.ts'

type FinishReason = ModelReply['finishReason']

/** In small letters alone: `content_filter`, `content-filter` and `ContentFilter` are one. */
const meanings: Readonly<Record<string, FinishReason>> = {
  length: 'length',
  maxtokens: 'length',
  modellength: 'length',
  maxoutputtokens: 'length',
  maxnewtokens: 'length',
  maxcompletiontokens: 'length',
  maxlength: 'length',
  tokenlimit: 'length', // watsonx
  contextlength: 'length',
  contextlengthexceeded: 'length',
  modelcontextwindowexceeded: 'length', // Anthropic, Zhipu
  errorlimit: 'length', // Cohere
  contentfilter: 'filtered',
  safety: 'filtered',
  sensitive: 'filtered',
  recitation: 'filtered',
  prohibitedcontent: 'filtered',
  blocklist: 'filtered',
  refusal: 'filtered', // Anthropic
  contentfiltered: 'filtered', // Bedrock
  guardrailintervened: 'filtered', // Bedrock
  spii: 'filtered', // Gemini
  imagesafety: 'filtered',
  errortoxic: 'filtered', // Cohere
  stop: 'stop',
  stopsequence: 'stop',
  complete: 'stop', // Cohere
  endturn: 'stop',
  eos: 'stop',
  eostoken: 'stop',
  toolcalls: 'tool-calls',
  toolcall: 'tool-calls', // Cohere
  tooluse: 'tool-calls',
  functioncall: 'tool-calls',
}

/** Words, and a number, by which some say with every piece of an answer that they have no reason yet. */
const nothing = new Set(['', 'null', 'none', 'nil', 'undefined', 'unspecified', 'finish_reason_unspecified', '0'])

/** With these the endpoint itself broke the answer off; what came of it is no answer. DeepSeek, Zhipu, OpenRouter, SGLang, TGI, watsonx, Ollama (`load`, before its model was there), Cohere, gateways. */
const brokenOff = new Set(['insufficientsystemresource', 'networkerror', 'error', 'abort', 'aborted', 'cancelled', 'canceled', 'usercancel', 'timeout', 'timelimit', 'servererror', 'upstreamerror', 'internalerror', 'internalservererror', 'modelerror', 'overloaded', 'engineoverloaded', 'load', 'unload'])

/** Gemini could not read the call that its model wrote, and leaves it out. */
const spoiltCall = /\b(?:malformed_(?:function|tool)_call|unexpected_tool_call)\b/i

/** What an answer, or a piece of one, says of its end, be it a word for nothing. */
export const statedWord = (given: unknown): string | undefined => (typeof given === 'string' || typeof given === 'number' ? String(given).trim() : undefined)

/** The reason of its end that an answer, or a piece of one, states. */
export function statedReason(given: unknown): string | undefined {
  const reason = statedWord(given)
  return reason === undefined || nothing.has(reason.toLowerCase()) ? undefined : reason
}

export const saysBrokenOff = (reason: string): boolean => brokenOff.has(lettersOf(reason))

/** What it says beside its signs; some put the name of the list of reasons before it. */
const lettersOf = (reason: string): string => reason.toLowerCase().replace(/^finish_?reason_/, '').replace(/[^a-z]/g, '')

/** Some endpoints say "stop" beside calls; Gemini puts its own reason behind a colon. */
export function finishReasonOf(reason: string | undefined, calls: boolean): FinishReason {
  const meant = meanings[lettersOf(/^[^:]*/.exec(reason ?? '')?.[0] ?? '')] ?? 'other'
  return calls && meant !== 'length' && meant !== 'filtered' ? 'tool-calls' : meant
}

/** Whether it explains an answer that says nothing: it was cut, held back or broken off, or its call was spoilt. */
export const explainsSilence = (reason: string): boolean => saysBrokenOff(reason) || spoiltCall.test(reason) || ['length', 'filtered'].includes(finishReasonOf(reason, false))
