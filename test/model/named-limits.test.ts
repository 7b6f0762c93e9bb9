import { APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { classifyFailure, classifyModelError } from '../../src/model/classify.ts'
import { limitsNamedIn, outputLimitNamedIn } from '../../src/model/named-limits.ts'
import { ModelError } from '../../src/model/model-error.ts'

/** In the words of their users' reports. */
const refusals: readonly [who: string, message: string, window: number | undefined, promptTokens: number | undefined][] = [
  ['OpenAI', "This model's maximum context length is 8192 tokens. However, your messages resulted in 8227 tokens. Please reduce the length of the messages.", 8_192, 8_227],
  ['vLLM', "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.", 16_384, 112_946],
  ['vLLM through LiteLLM', "litellm.ContextWindowExceededError: OpenAIException - This model's maximum context length is 16384 tokens. However, your request has 19427 input tokens. (parameter=input_tokens, value=19427)", 16_384, 19_427],
  ['vLLM of 2025', 'The prompt (total length 25938) is too long to fit into the model (context length 4096). Make sure that `max_model_len` is no smaller', 4_096, 25_938],
  ['OpenRouter', "This endpoint's maximum context length is 32768 tokens. However, you requested about 42832 tokens (42832 of text input).", 32_768, 42_832],
  ['OpenAI, of newer models', 'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300104 tokens.', 272_000, 300_104],
  ['llama.cpp', 'request (2500 tokens) exceeds the available context size (2048 tokens), try increasing it', 2_048, 2_500],
  ['llama-cpp-python', 'Requested tokens (2285) exceed context window of 2048', 2_048, 2_285],
  ['LM Studio', 'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens', 4_096, undefined],
  ['Anthropic through LiteLLM', 'litellm.ContextWindowExceededError: AnthropicError - prompt is too long: 209303 tokens > 200000 maximum', 200_000, 209_303],
  ['Gemini', 'The input token count (40000) exceeds the maximum number of tokens allowed (32768).', 32_768, 40_000],
  ['SGLang', "The input (5000 tokens) is longer than the model's context length (4096 tokens).", 4_096, 5_000],
  ['xAI', "This model's maximum prompt length is 131072 but the request contains 140000 tokens.", 131_072, 140_000],
  ['Mistral', 'Prompt contains 40,000 tokens and 0 draft tokens, too large for model with 32,768 maximum context length', 32_768, 40_000],
  ['vLLM, which names a bound', "This model's maximum context length is 16384 tokens. However, you requested 4096 output tokens and your prompt contains at least 12289 input tokens.", 16_384, undefined],
  ['vLLM, which names what the wish for an answer leaves of it, too', "You passed 27905 input tokens and requested 4096 output tokens. However, the model's context length is only 32000 tokens, resulting in a maximum input length of 27904 tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=27905)", 32_000, undefined],
  ['vLLM, of prompt and answer', "prompt length (5000) + max_tokens (8192) exceeds model's maximum length 8192", 8_192, undefined],
  ['SGLang, of what is allowed', 'Input length (10000 tokens) exceeds the maximum allowed length (8192 tokens). Use a shorter input or enable --allow-auto-truncate.', 8_192, 10_000],
  ['Ollama, which names none', 'prompt too long; exceeded max context length by 4 tokens', undefined, undefined],
  ['text-generation-inference', 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 1000 `max_new_tokens`', 4_096, undefined],
  ['Cohere', 'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4090', 4_081, undefined],
  ['Moonshot', 'Invalid request: Your request exceeded model token limit: 131072 (requested: 150000)', 131_072, 150_000],
  ['DashScope', '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]', 30_720, undefined],
  ['Volcengine', 'Input length 140000 exceeds the maximum length 131072', 131_072, 140_000],
  ['SiliconFlow', 'length of prompt_tokens (40000) must be less than max_seq_len (32768).', 32_768, 40_000],
  ['TabbyAPI', 'Request length 9000 is greater than max_seq_len 8192', 8_192, 9_000],
  ['Fireworks', 'The prompt is too long: 20000, model maximum context length: 16384', 16_384, 20_000],
  ['Cerebras', 'Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192', 8_192, 9_000],
  ['GitHub Models', 'Request body too large for gpt-4o model. Max size: 8000 tokens.', 8_000, undefined],
  ['watsonx', 'the number of input tokens 9000 cannot exceed the total tokens limit 8192 for this model', 8_192, 9_000],
  ['Copilot', 'prompt token count of 130000 exceeds the limit of 128000', 128_000, 130_000],
  ['Vertex AI', 'Unable to submit request because the input token count is 50000 but model only supports up to 32768. Reduce the input token count and try again.', 32_768, 50_000],
  ['mlx-lm', 'Prompt is longer than the context window: 9000 > 8192', 8_192, 9_000],
  ['TensorRT-LLM', 'The sum of prompt length (9000.0), query length (0) should not exceed max_num_tokens (8192)', 8_192, 9_000],
  ['SambaNova', 'Requested generation length 1 is not possible! The provided prompt is 5000 tokens long, so generating 1 tokens requires a sequence length of 5001, but the maximum supported sequence length is just 4096!', 4_096, 5_000],
  ['Databricks', 'Input length 5000 + max_tokens 1000 exceeds maximum allowed token length of 4096.', 4_096, 5_000],
  ['Snowflake', 'max tokens of 8000 exceeded', 8_000, undefined],
  ['LMDeploy', 'The input tokens exceed the session_len 4096', 4_096, undefined],
  ['OpenRouter, of a prompt', 'Prompt tokens limit exceeded: 9000 > 8192', 8_192, 9_000],
  ['an endpoint behind pi (#5677)', "Input length (265330) exceeds model's maximum context length (262144).", 262_144, undefined],
  ['Nebius', "The prompt is too long: 140000 tokens, the model's context length is 131072", 131_072, 140_000],
  ['Cohere, of newer models', 'too many tokens: size limit exceeded by 1000 tokens. Try using shorter or fewer inputs. The limit for this model is 128000 tokens.', 128_000, undefined],
  ['Chutes', 'Input exceeds model context: 70000 tokens > 65536', 65_536, undefined],
  ['Baseten', 'Input tokens 40000 exceed max_seqlen 32768', 32_768, undefined],
  ['Perplexity', '[max_tokens_exceeded] Prompt length is 140000 which exceeds the limit of 127072', 127_072, undefined],
  ['Hunyuan', 'The length of prompt tokens exceeds the limit of 32000', 32_000, undefined],
  ['Qianfan', 'the max input tokens is 7168', 7_168, undefined],
  ['KoboldCpp', 'Prompt tokens (9000) exceeds context size (8192)', 8_192, undefined],
  ['Aphrodite', 'Input prompt (9000 tokens) is too long and exceeds limit of 8192', 8_192, undefined],
  ['MLC', 'The prompt length 9000 exceeds the context window size 8192 and cannot be processed', 8_192, undefined],
  ['WebLLM', 'Prompt tokens exceed context window size: number of prompt tokens: 9000; context window size: 4096', 4_096, undefined],
  ['Yandex', 'number of input tokens must be no more than 8192, got 9000', 8_192, undefined],
  ['Cloudflare', 'AiError: The estimated number of input and maximum output tokens (9000) exceeded this model context window limit (7968).', 7_968, undefined],
  ['MiniMax, whose number is a code', 'invalid params, context window exceeds limit (2013)', undefined, undefined],
  ['Foundry Local', 'input_ids size (9000) >= max_length (4096)', undefined, undefined],
  ['a gateway, of bytes', 'body cannot exceed 512 KB', undefined, undefined],
  ['a gateway, of parts', 'number of messages must be <= 1000', undefined, undefined],
  ['a gateway, of characters', 'Prompt exceeds the maximum input length 1048576 characters', undefined, undefined],
  ['nobody', 'maximum context length is 0 tokens', undefined, undefined],
]

describe('a refusal for its length', () => {
  test.each(refusals)('names the window, and the length of the prompt: %s [model:any model:learned-limits]', (_who, message, window, promptTokens) => {
    expect(limitsNamedIn(message)).toEqual({ ...(window !== undefined && { window }), ...(promptTokens !== undefined && { promptTokens }) })
  })

  test.each(refusals.filter(([, , window]) => window !== undefined))('is an overflow of the context: %s [model:any model:learned-limits]', (_who, message) => {
    expect(classifyFailure({ status: 400, message }).kind).toBe('context-overflow')
  })

  test.each([
    "Invalid 'tools[3].function.description': string exceeds the maximum allowed length 1024",
    'Input validation error: stop sequence exceeds maximum allowed length (256)',
    'tools.0.function.name: exceeds maximum length (64)',
    'messages[2].tool_calls[0]: the input exceeds the maximum allowed length 4096',
  ])('is none of the context where it is of another part of the request: %s [model:any model:learned-limits]', (message) => {
    const { kind, limits } = classifyFailure({ status: 400, message })
    expect([kind, limits, limitsNamedIn(message)]).toEqual(['bad-request', undefined, {}])
  })

  test('is a limit of the rate, and no window, where its text or its code says so (Groq) [model:any model:learned-limits]', () => {
    expect(limitsNamedIn('Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 7500, please reduce your message size')).toEqual({ requestTokens: 6_000 })
    const ofOpenAI = classifyModelError(APIError.generate(429, { error: { message: 'Request too large for gpt-4 in organization o on tokens per min (TPM): Limit 10000, Requested 16062.', code: 'rate_limit_exceeded' } }, undefined, new Headers()))
    expect(ModelError.isInstance(ofOpenAI) && ofOpenAI.limits).toEqual({ requestTokens: 10_000 })
    const body = { message: 'Request too large: maximum context length is 6000 tokens', code: 'rate_limit_exceeded', type: 'tokens' }
    const error = classifyModelError(APIError.generate(413, { error: body }, undefined, new Headers()))
    expect(ModelError.isInstance(error) && [error.kind, error.limits]).toEqual(['context-overflow', {}])
  })

  test('that is a long row of digits is read at once [model:any model:learned-limits]', () => {
    const digits = '1'.repeat(200_000)
    const began = performance.now()
    expect([limitsNamedIn(digits), outputLimitNamedIn(`max_tokens ${digits}`)]).toEqual([{}, undefined])
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('of llama.cpp has its figures beside its text [model:any model:learned-limits]', () => {
    const body = { code: 400, message: 'the request exceeds the available context size. try increasing the context size', type: 'exceed_context_size_error', n_prompt_tokens: 14_429, n_ctx: 8_192 }
    const error = classifyModelError(APIError.generate(400, { error: body }, undefined, new Headers()))
    expect(ModelError.isInstance(error) && error.limits).toEqual({ window: 8_192, promptTokens: 14_429 })
  })
})
