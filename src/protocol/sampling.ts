import { limits } from './limits.ts'

/** How a model is to write. What is absent is left to the endpoint. */
export interface Sampling {
  readonly temperature?: number
  readonly topP?: number
  readonly seed?: number
  /** In the endpoint's own words, such as `low`. */
  readonly reasoningEffort?: string
  /** The most tokens of one answer, thinking included. Default: the configuration's, else 8,192; never more than the window has room for. */
  readonly maxOutputTokens?: number
  /** Further fields of the request's body, as the endpoint documents them. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** The least and the most of each number. Endpoints differ in what they take, so the bounds are wide; what is beyond theirs they refuse by name. */
export const samplingBounds = {
  temperature: [0, 10],
  topP: [0.001, 1],
  seed: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  maxOutputTokens: [16, limits.outputTokens],
} as const satisfies Partial<Record<keyof Sampling, readonly [least: number, most: number]>>

/** What an effort is called: a word of the endpoint's. */
export const effortPattern = /^[\w-]{1,32}$/

/** Fields of a request that Perdure fills by itself. */
const filled = ['model', 'messages', 'tools', 'tool_choice', 'functions', 'function_call', 'stream', 'stream_options', 'n']
/** Fields of a request that have a setting of their own. */
const settable = ['temperature', 'top_p', 'seed', 'reasoning_effort', 'max_tokens', 'max_completion_tokens']

/** Why these can't be further fields of a request, one text for each that can't. */
export function problemsOfExtra(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(fields).flatMap((name) => {
    if (filled.includes(name)) return [`can't have the field ${name}, which Perdure fills by itself`]
    return settable.includes(name) ? [`can't have the field ${name}, which has a setting of its own`] : []
  })
}
