import { saysToolsRefused } from '../tools-refused.ts'

/** The points in which endpoints with OpenAI's protocol differ. Each is learned from a refusal. */
export interface Dialect {
  /** `required` makes a model call a tool at every step. Not every endpoint knows that value; some know no `tool_choice` at all (`unsaid`). */
  readonly toolChoice: 'auto' | 'required' | 'unsaid'
  /** OpenAI's reasoning models refuse the older name; most other endpoints know only that one. */
  readonly outputLimitField: 'max_tokens' | 'max_completion_tokens'
  /** `nine`: exactly nine letters and digits (Mistral). `plain`: letters, digits, `_` and `-`, at most 40. */
  readonly callIds: 'any' | 'nine' | 'plain'
  /** `assistant`: an assistant's message has to come between a tool's result and a user's message (Mistral). */
  readonly afterResults: 'anything' | 'assistant'
  /** `returned`: a message with calls has to bring back the reasoning that came beside them (DeepSeek, Kimi). */
  readonly reasoning: 'left-out' | 'returned'
  /** `first-user`: no system message; its text stands at the head of the first user's message (Gemma). */
  readonly system: 'role' | 'first-user'
  /** `counted`: an answer in pieces, with its usage. `plain`: the usage can't be asked for. `whole`: the endpoint answers in one piece only. */
  readonly stream: 'counted' | 'plain' | 'whole'
}

const statuses = new Set([400, 404, 422, 500])

interface Rule {
  readonly says: RegExp
  readonly change: (dialect: Dialect) => Partial<Dialect>
}

const rules: readonly Rule[] = [
  { says: /(?:unsupported|unrecognized|unknown|not supported|extra_forbidden)[^]{0,200}\bmax_tokens\b/i, change: () => ({ outputLimitField: 'max_completion_tokens' }) },
  { says: /(?:unsupported|unrecognized|unknown|not supported|extra_forbidden)[^]{0,60}\bmax_completion_tokens\b/i, change: () => ({ outputLimitField: 'max_tokens' }) },
  { says: /tool call id was .{0,120} but must be/i, change: () => ({ callIds: 'nine' }) },
  { says: /(?:tool_calls?\b[^]{0,40}\bid\b|tool_call_id|tool_use(?:\.|_)id)[^]{0,160}(?:pattern|match|maximum length|too long|invalid)/i, change: () => ({ callIds: 'plain' }) },
  { says: /unexpected role '?user'? after role '?tool/i, change: () => ({ afterResults: 'assistant' }) },
  {
    says: /reasoning_content[^]{0,80}\b(?:missing|required|must|passed back)|\b(?:missing|requires?d?)\b[^]{0,60}reasoning_content/i,
    change: () => ({ reasoning: 'returned' }),
  },
  { says: /system role (?:is )?not supported/i, change: () => ({ system: 'first-user' }) },
  { says: /stream_options|include_usage/i, change: () => ({ stream: 'plain' }) },
  { says: /(?:unsupported|unrecognized|unknown|not supported|not support|not allowed|not available|extra_forbidden|invalid)[^]{0,200}\bstream(?:ing)?\b|\bstream(?:ing)?\b[^]{0,100}(?:unsupported|not supported|not allowed|not available|must be false)/i, change: () => ({ stream: 'whole' }) },
  { says: /tool_choice/i, change: ({ toolChoice }) => ({ toolChoice: toolChoice === 'required' ? 'auto' : 'unsaid' }) },
]

/**
 * The dialect for a second try of a request that was refused for its form. Undefined if the request was refused for another reason, or this
 * dialect was tried already.
 */
export function adapted(dialect: Dialect, error: { readonly status?: number | undefined; readonly message: string }): Dialect | undefined {
  if (error.status === undefined || !statuses.has(error.status) || saysToolsRefused(error)) return undefined
  for (const { says, change } of rules) {
    if (!says.test(error.message)) continue
    const next = { ...dialect, ...change(dialect) }
    if (Object.entries(next).some(([trait, value]) => dialect[trait as keyof Dialect] !== value)) return next
  }
  return undefined
}
