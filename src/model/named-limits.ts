/** What a refusal for its length says of the context window, in tokens as the endpoint counts them. */
export interface NamedLimits {
  /** The window, or what of it a prompt may take. */
  readonly window?: number
  /** Of the refused prompt. */
  readonly promptTokens?: number
  /** The most that one request may take, prompt and reply together: a limit of the rate, and no window. */
  readonly requestTokens?: number
}

/** Smaller numbers are a count of something else. */
const leastWindow = 256
const mostWindow = 100_000_000

/** A length in characters is none of tokens. */
const n = '(?<tokens>\\d[\\d,]*)(?!,?\\d|\\)? ?(?:characters|chars|bytes)\\b)'
/** Some write the number in quotes. */
const quoted = `[\`'"]?${n}`

/** A part of a request that has a longest length of its own. */
const otherPart = '(?<![a-z])(?:tools?|tool_calls?|functions?|descriptions?|names?|stop|users?)(?![a-z])'
/** Of a prompt (SGLang, vLLM): many refuse a name or a description in the same words. */
export const promptExceeds = `(?<!${otherPart}[^\\n]{0,60})\\b(?:inputs?|input_ids|prompt|requested token count)\\b(?:(?!${otherPart})[^\\n]){0,80}? exceeds? (?:the )?(?:model's )?maximum (?:allowed |input )?length`

// The first pattern that matches is believed; those that name the kind of number most clearly come first.
const windows = [
  `model's context length is only ${n}`, // vLLM, before what it calls the maximum input length: what this wish for an answer leaves of the window
  `max_?(?:imum)? context (?:length|window)(?: is| of|:)? ${n}`, // OpenAI, Azure, vLLM, OpenRouter, DeepSeek
  `(?<![\\d,])${n} maximum context length`, // Mistral
  `max(?:imum)? (?:model|prompt|input|context) (?:length|window|size|tokens) ?(?:is |of |: ?|\\()${n}`, // vLLM, xAI, SiliconFlow, Qianfan
  `\\(context length:? ${n}`, // vLLM
  `model's context length \\(${n}`, // SGLang
  `context length of (?:only )?${n}`, // LM Studio
  `available context size \\(${n}`, // llama.cpp
  `exceeds? context window of ${n}`, // llama-cpp-python
  `context (?:length|size|window)(?: limit| size)?(?: is|:)? \\(?${n}(?![\\d,]|\\)? (?:>|(?:tokens )?exceed))`, // Nebius, KoboldCpp, Cloudflare, MLC
  `max_?seq_?len(?:gth)? ${n}`, // Baseten
  `prompt length is \\d+ which exceeds the limit of ${n}`, // Perplexity
  `tokens exceeds? the limit of ${n}`, // Hunyuan
  `too long and exceeds limit of ${n}`, // Aphrodite
  `tokens must be no more than ${n}`, // Yandex
  `limit for this model is ${n} tokens`, // Cohere
  `model context: \\d+ tokens > ${n}`, // Chutes
  `\\bn_ctx["']?:? ?=? ?\\(?${n}`, // llama.cpp, LM Studio
  `model max length:? ${n}`, // OpenVINO
  `> ${n} maximum`, // Anthropic
  `exceed context limit: \\d+ \\+ \\d+ > ${n}`, // Anthropic
  `maximum number of tokens allowed \\(${n}`, // Gemini
  `configured limit of ${n}`, // OpenAI
  `tokens[^.]{0,40} must be <= ${n}`, // text-generation-inference
  `must have less than ${n} tokens`, // text-generation-inference
  `tokens[^.]{0,60} cannot exceed (?:the total tokens limit )?${n}`, // Cohere, watsonx
  `model token limit:? ${n}`, // Moonshot
  `range of input length should be \\[\\d+, ?${n}\\]`, // DashScope
  `input length \\d+ exceeds the maximum length ${n}`, // Volcengine
  `max_(?:seq|input)_len \\(?${n}`, // SiliconFlow, TabbyAPI, TensorRT-LLM
  `max_num_tokens \\(${n}`, // TensorRT-LLM
  `while limit is ${n}`, // Cerebras
  `max size: ${n} tokens`, // GitHub Models
  `token count of \\d+ exceeds the limit of ${n}`, // Copilot
  `model only supports up to ${n}`, // Vertex AI
  `longer than the context window: \\d+ > ${n}`, // mlx-lm
  `maximum supported sequence length is (?:just )?${n}`, // SambaNova
  `maximum allowed token length of ${n}`, // Databricks
  `max tokens of ${n} exceeded`, // Snowflake
  `session_len[^\\d]{0,10}${n}`, // LMDeploy
  `prompt tokens limit exceeded: \\d+ > ${n}`, // OpenRouter
  `${promptExceeds} \\(?${n}`, // SGLang, vLLM
].map((pattern) => new RegExp(pattern, 'i'))

const prompts = [
  `\\(${n} in the messages`, // OpenAI, vLLM, DeepSeek
  `messages resulted in ${n}`, // OpenAI
  `request has ${n} input tokens`, // vLLM
  `request contains ${n}`, // xAI
  `\\(${n} of text input`, // OpenRouter
  `prompt contains ${n}`, // Mistral; vLLM's "at least" is a bound, and says nothing of the length
  `request \\(${n} tokens\\) exceeds`, // llama.cpp
  `\\bn_prompt_tokens["']?:? ?=? ?${n}`, // llama.cpp
  `requested tokens \\(${n}`, // llama-cpp-python
  `input \\(${n} tokens`, // SGLang
  `prompt \\((?:total )?length ${n}`, // vLLM
  `too long: ${n}(?: tokens|, model)`, // Anthropic, Fireworks
  `token count (?:\\(|is |of )${n}`, // Gemini, Vertex AI, Copilot
  `\\(requested: ${n}\\)`, // Moonshot
  `input length ${n} exceeds the`, // Volcengine
  `prompt_tokens \\(${n}`, // SiliconFlow
  `request length ${n} is greater`, // TabbyAPI
  `token ids length ${n} exceeds`, // TensorRT-LLM
  `sum of prompt length \\(${n}`, // TensorRT-LLM
  `current length is ${n} while`, // Cerebras
  `input tokens ${n} cannot exceed`, // watsonx
  `longer than the context window: ${n} >`, // mlx-lm
  `provided prompt is ${n} tokens long`, // SambaNova
  `input length ${n} \\+ max_tokens`, // Databricks
  `prompt tokens limit exceeded: ${n} >`, // OpenRouter
  `input length \\(${n} tokens`, // SGLang
  `number of prompt tokens: ${n} exceeds`, // OpenVINO
].map((pattern) => new RegExp(pattern, 'i'))

const ofTheRate = /rate.?limit|\bTPM\b|per (?:minute|hour|day)/i
const requests = [new RegExp(`\\bLimit:? ${n}, Requested`, 'i')] // Groq

const outputs = [
  `at most ${quoted} (?:completion|output) tokens`, // OpenAI
  `range of max_(?:completion_)?tokens (?:is|should be) \\[\\d+, ?${quoted}\\]`, // DeepSeek, DashScope
  `> ${quoted}, which is the maximum allowed number of output tokens`, // Anthropic
  `max[_ ](?:completion_|new_|output_)?tokens[\`'"]? (?:must|should|has to) be (?:less than or equal to|at most|<=) ${quoted}`, // Groq, Cohere, NVIDIA, text-generation-inference
  `exceeds the model limit of ${quoted}`, // Bedrock
  `maximum (?:output|completion) tokens? (?:is|of|:) ${quoted}`, // gateways
].map((pattern) => new RegExp(pattern, 'i'))

/** The name of the output's limit, near the number and with no other parameter between: a refusal may repeat the whole request. */
const ofOutput = '(?:max(?:imum)?[_ ]?(?:completion[_ ]|output[_ ]|new[_ ])?tokens?|maxOutputTokens|(?:output|completion) tokens?)(?:(?![\'"],|[a-z]_[a-z])[^{[;]){0,80}?'
const ofOthers = '(?![`\'"]? ?[\\[(]?(?:characters|items|requests|tools|images?|pixels|MB|per)\\b)'
const nearby = (pattern: string): RegExp => new RegExp(`${ofOutput}${pattern}${ofOthers}`, 'i')

/** Of the output's limit where the text speaks of nothing else: words that would mean the window, or the prompt, beside them. */
const outputsAlone = [
  `expected a value <= ${quoted}`, // Volcengine
  `[\\[(] ?\\d+ ?, ?${quoted} ?[\\])]`, // SiliconFlow, Qianfan, Zhipu
  `between \\d+ and ${quoted}`,
  `(?:less|lower|fewer) than or equal to ${quoted}`, // pydantic, xAI
  `(?:cannot|can't|must not|may not|should not) (?:exceed|be (?:greater|larger|more|higher) than) ${quoted}`,
  `(?:at most|no more than|not more than|up to|maximum (?:value |allowed )?(?:of|is)|max(?:imum)? (?:allowed|value|output length)(?: is| of|:)?) ${quoted}`,
  `(?<!\\d)\\d{1,12} ?> ?=? ?${quoted}`,
].map(nearby)
const ofMore = /context|window|prompt|inputs? (?:tokens?|length|and)|\btotal\b/i
/** Smaller numbers there are of another parameter. */
const leastOutput = 256

/** Gemini, and others in fewer words, name the first number that is too large. */
const exclusiveOutput = new RegExp(`supported range is from \\d+ \\(inclusive\\) to ${quoted} \\(exclusive\\)`, 'i')
const exclusiveAlone = nearby(`(?:less|lower|smaller) than ${quoted}`)

/**
 * Reads the limits that a refusal names; what it does not name is absent.
 * @param code the endpoint's, which tells a limit of the rate too
 */
export function limitsNamedIn(message: string, code = ''): NamedLimits {
  if (ofTheRate.test(`${code} ${message}`)) {
    const requestTokens = tokensNamedIn(message, requests)
    return requestTokens === undefined ? {} : { requestTokens }
  }
  const window = tokensNamedIn(message, windows)
  const promptTokens = tokensNamedIn(message, prompts)
  const believed = window !== undefined && window >= leastWindow && window <= mostWindow
  return { ...(believed && { window }), ...(promptTokens !== undefined && { promptTokens }) }
}

/** The most tokens of an answer, where a refusal names it. */
export function outputLimitNamedIn(message: string): number | undefined {
  if (ofTheRate.test(message)) return undefined
  const bound = tokensNamedIn(message, [exclusiveOutput])
  const most = bound === undefined ? (tokensNamedIn(message, outputs) ?? namedAlone(message)) : bound - 1
  return most !== undefined && most > 0 ? most : undefined
}

/** Whether a refusal of the wish for an answer's length says nothing of the window or the prompt. */
export const isOfOutputAlone = (message: string): boolean => !ofMore.test(message)

function namedAlone(message: string): number | undefined {
  if (!isOfOutputAlone(message)) return undefined
  const bound = tokensNamedIn(message, [exclusiveAlone])
  const most = bound === undefined ? tokensNamedIn(message, outputsAlone) : bound - 1
  return most !== undefined && most >= leastOutput ? most : undefined
}

/** The number of tokens that a message names, by the first of these patterns that matches. */
function tokensNamedIn(message: string, patterns: readonly RegExp[]): number | undefined {
  const named = patterns.map((pattern) => pattern.exec(message)?.groups?.['tokens']).find((number) => number !== undefined)
  return named === undefined ? undefined : Number(named.replaceAll(',', ''))
}
