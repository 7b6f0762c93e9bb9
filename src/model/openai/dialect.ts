import { saysToolsRefused } from '../tools-refused.ts'
import { isOfOutputAlone, outputLimitNamedIn } from '../named-limits.ts'

/** The points in which endpoints with OpenAI's protocol differ. Each is learned from a refusal. */
export interface Dialect {
  /** `required` makes a model call a tool at every step. Not every endpoint knows that value; some know no `tool_choice` at all (`unsaid`). */
  readonly toolChoice: 'auto' | 'required' | 'unsaid'
  /** OpenAI's reasoning models refuse the older name; most other endpoints know only that one. `unsaid`: both were refused. */
  readonly outputLimitField: OutputLimitField | 'unsaid'
  /** The most tokens that the endpoint lets one answer have. */
  readonly mostOutputTokens: number
  /** `nine`: exactly nine letters and digits (Mistral). `plain`: letters, digits, `_` and `-`, at most 40. */
  readonly callIds: 'any' | 'nine' | 'plain'
  /** `assistant`: an assistant's message has to come between a tool's result and a user's message (Mistral). */
  readonly afterResults: 'anything' | 'assistant'
  /** `one-by-one`: a message may have one call only (chat templates of Llama 3). */
  readonly calls: 'together' | 'one-by-one'
  /** What stands in place of a text beside calls: `null`, or an empty text for endpoints that want one. */
  readonly noText: 'null' | 'empty'
  /** `returned`: an assistant's message has to bring back the reasoning that came with it (DeepSeek, Kimi). */
  readonly reasoning: 'left-out' | 'returned'
  /** `substituted`: calls that another model has made, and that have no signature, get the text that stands for one (Gemini). */
  readonly signatures: 'as-given' | 'substituted'
  /** `developer`: OpenAI's newer name. `first-user`: no system message; its text stands at the head of the first user's message (Gemma). */
  readonly system: 'role' | 'developer' | 'first-user'
  /** `counted`: an answer in pieces, with its usage. `plain`: the usage can't be asked for. `whole`: the endpoint answers in one piece only. */
  readonly stream: 'counted' | 'plain' | 'whole'
  /** It answers in pieces only, whether they are wished for or not. */
  readonly streamsOnly: boolean
  /** Fields that the endpoint refuses, of the settings of sampling and of what was given beside earlier messages. */
  readonly leftOut: readonly string[]
}

export type OutputLimitField = 'max_tokens' | 'max_completion_tokens'

/** 200: the refusal came in the body of an answer, without a status of its own. */
const statuses = new Set([200, 400, 404, 422, 500])

interface Rule {
  readonly says: RegExp
  /** @param usual the name of the output's limit that was tried first */
  readonly change: (dialect: Dialect, message: string, usual: OutputLimitField) => Partial<Dialect>
}

/** The words in which endpoints say that they do not know, or do not want, what stands near them. */
const unwanted = '(?:unsupported|unrecognized|unknown|unexpected|not supported|n[o\']t support|n[o\']t accept (?:the )?(?:parameter|argument|field)|not permitted|not allowed|not available|extra_forbidden|deprecated|cannot both|may only be set|unset when)'

const refuses = (field: string, characters = 100): RegExp => new RegExp(`${unwanted}[^]{0,${characters}}\\b${field}\\b|\\b${field}\\b[^]{0,${characters}}${unwanted}`, 'i')

/** Where both are named (`use … instead`), the one that was sent is meant. */
const other = { max_tokens: 'max_completion_tokens', max_completion_tokens: 'max_tokens', unsaid: 'unsaid' } as const
const without = (...fields: readonly string[]): Rule['change'] => ({ leftOut }) => ({ leftOut: [...leftOut, ...fields.filter((field) => !leftOut.includes(field))] })

/** What was given with a signature, or is one. */
const signed = ['reasoning_details', 'thinking_blocks', 'provider_specific_fields', 'reasoning_opaque', 'extra_content', 'thought_signature'] as const
const ofSignature = '(?:signatures?|encrypted[ _]content)'
/** Not a request's own signature (AWS), and not a token's: those are of the key. */
const ofKey = '(?:InvalidSignature|SignatureDoesNotMatch|\\bJWT\\b|\\btoken signature)'
const notValid = new RegExp(`^(?![^]*${ofKey})[^]*?(?:\\b(?:invalid|corrupt(?:ed)?|malformed|expired)\\b[^]{0,40}\\b${ofSignature}|\\b${ofSignature}\\b[^]{0,100}\\b(?:not valid|invalid|corrupted|expired|not be (?:verified|decrypted|parsed))|redacted_thinking[^]{0,60}blocks[^]{0,60}cannot be modified)`, 'i')

/** The roles that there are, as pydantic lists them. Where the system's is none of them, it is tried first to do without it; results of tools may be refused in the same words. */
const saysNoSystem = /\brole\b[^\n]{0,20}input should be (?![^\n]{0,80}'system')[^\n]{0,80}'assistant'/i

/** The first that says something of a refusal, and changes what was tried, is gone by. */
const rules: readonly Rule[] = [
  {
    says: refuses('max_(?:completion_)?tokens', 200),
    // The other name is tried once; an endpoint that refuses both is told no limit.
    change: ({ outputLimitField }, message, usual) => (message.includes(outputLimitField) ? { outputLimitField: outputLimitField === usual ? other[usual] : 'unsaid' } : {}),
  },
  { says: /(?:missing|required)[^]{0,60}\bmax_tokens\b|\bmax_tokens\b[^]{0,60}(?:field required|is required|missing)/i, change: () => ({ outputLimitField: 'max_tokens' }) },
  { says: /max_(?:completion_|output_|new_)?tokens|max(?:imum)? tokens|maxOutputTokens|output tokens|completion tokens/i, change: ({ mostOutputTokens }, message) => ({ mostOutputTokens: Math.min(mostOutputTokens, outputLimitNamedIn(message) ?? Infinity) }) },
  // The wish is too large, by how much is not said: the endpoint's own limit holds then. What stands behind a comma or a bracket may be of another parameter.
  { says: /\bmax_(?:completion_|output_|new_)?tokens\b(?:\(\d+\)|[^,;({\n]){0,80}(?:too (?:large|big|high)|exceed|invalid|illegal|out of range|above|greater|larger|非法|超)|\b(?:invalid|illegal)\b[^,;({\n]{0,40}\bmax_(?:completion_)?tokens\b/i, change: (_, message) => (isOfOutputAlone(message) && outputLimitNamedIn(message) === undefined ? { outputLimitField: 'unsaid' } : {}) },
  // The last two are of Mistral's chat templates, and of who serves them.
  { says: /tool call id was .{0,120} but must be|tool[ _]call[ _]ids? should be [^]{0,40}length 9\b|tool_?call_?id[^]{0,120}\b(?:9|nine) alphanumeric/i, change: () => ({ callIds: 'nine' }) },
  { says: /(?:tool_calls?\b[^]{0,40}\bid\b|tool_call_id|tool_?use[._]?id)[^]{0,160}(?:pattern|match|maximum length|too long|invalid)/i, change: () => ({ callIds: 'plain' }) },
  { says: /only supports? (?:a )?single tool[- ]calls?/i, change: () => ({ calls: 'one-by-one' }) },
  { says: /unexpected role '?user'? after role '?tool/i, change: () => ({ afterResults: 'assistant' }) },
  { says: /\bcontent\b[^]{0,120}(?:must be a string|valid string|not a string|expected (?:a )?string|be null|is null|non-?null|got null|NoneType|<nil>|is required|field required|missing)/i, change: () => ({ noText: 'empty' }) },
  // Nothing else that is sent is null. Chat templates that join a text to it fail so, in the words of their languages; so do readers of types.
  { says: /\bNullValue\b|\b(?:concatenate|add|join)\b[^]{0,60}\bNoneType\b|\bNoneType\b[^]{0,40}(?:is not iterable|has no len)|unmarshal null\b|expected string, received null|'content' objects must have a 'type' field/i, change: () => ({ noText: 'empty' }) },
  {
    says: /reasoning_content[^]{0,80}\b(?:missing|required|must|passed back)|\b(?:missing|requires?d?)\b[^]{0,60}reasoning_content/i,
    change: () => ({ reasoning: 'returned' }),
  },
  { says: /missing a '?`?thought_?signature/i, change: () => ({ signatures: 'substituted' }) },
  // A proxy has asked another provider than the one that gave them, or they are valid no more: Gemini, Anthropic, OpenAI behind OpenRouter.
  { says: notValid, change: without(...signed) },
  // Anthropic wants thoughts with signatures beside the calls of all steps, once it thinks, and those of before have none.
  { says: /expected [`'"]?thinking[`'"]? or [`'"]?redacted_thinking/i, change: without('reasoning_effort', 'reasoning', 'thinking') },
  // What was given before it was another model's turn, or what a proxy before the endpoint does not let through.
  ...['reasoning_content', ...signed].map((field) => ({ says: refuses(field), change: without(field) })),
  { says: /'?role'?\b[^]{0,40}not support '?developer|unexpected[^]{0,40}role[^]{0,20}developer/i, change: () => ({ system: 'first-user' }) },
  { says: /role'? does not support '?system/i, change: ({ system }) => ({ system: system === 'role' ? 'developer' : 'first-user' }) },
  { says: /system role (?:is )?not supported|developer instruction is not enabled|(?:invalid|unknown|unsupported) (?:message )?role:? ['"`]?system|n[o']t support system (?:messages?|prompts?|role)|system (?:messages?|prompts?) (?:is|are) not supported|role[^]{0,60}\bgot ['"`]?system\b|first message must be (?:from )?(?:a |the )?['"`]?user|only user and assistant roles are supported|conversation roles must alternate/i, change: () => ({ system: 'first-user' }) },
  { says: saysNoSystem, change: () => ({ system: 'first-user' }) },
  { says: /temperature\b[^]{0,30}\btop_p\b[^]{0,60}cannot both/i, change: without('top_p') },
  // Kimi names the one value that there is.
  ...['temperature', 'top_p', 'seed'].map((field) => ({ says: new RegExp(`${refuses(field).source}|\\b${field}\\b[^]{0,40}\\bonly [\\d.]+ is (?:allowed|supported)`, 'i'), change: without(field) })),
  { says: refuses('(?:reasoning[ _]?effort|thinking[ _]?level)'), change: without('reasoning_effort') },
  { says: /only supports? stream|enable the stream|stream\b[^]{0,40}must be (?:set to )?true|must have stream ?= ?true|non-streaming calls?/i, change: () => ({ streamsOnly: true }) },
  { says: /stream_options|include_usage/i, change: () => ({ stream: 'plain' }) },
  { says: /(?:unsupported|unrecognized|unknown|not supported|n[o']t support|not allowed|not available|extra_forbidden|invalid)[^]{0,200}\bstream(?:ing)?\b|\bstream(?:ing)?\b[^]{0,100}(?:unsupported|not supported|not allowed|not available|must be false)/i, change: () => ({ stream: 'whole' }) },
  { says: /tool_choice/i, change: ({ toolChoice }) => ({ toolChoice: toolChoice === 'required' ? 'auto' : 'unsaid' }) },
]

/**
 * The dialect for a second try of a request that was refused for its form. Undefined if the request was refused for another reason, or this
 * dialect was tried already.
 * @param sent the name of the output's limit that was tried first, and whether there were tools, in place of which text may be sent
 */
export function adapted(dialect: Dialect, error: { readonly status?: number | undefined; readonly message: string }, { usual, tools }: { readonly usual: OutputLimitField; readonly tools: boolean }): Dialect | undefined {
  const { system } = dialect
  if (error.status === undefined || !statuses.has(error.status) || (tools && saysToolsRefused(error) && !(system === 'role' && saysNoSystem.test(error.message)))) return undefined
  for (const { says, change } of rules) {
    if (!says.test(error.message)) continue
    const next = { ...dialect, ...change(dialect, error.message, usual) }
    if (JSON.stringify(next) !== JSON.stringify(dialect)) return next
  }
  return undefined
}
