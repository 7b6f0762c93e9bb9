import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { describe, expect, test } from 'vitest'
import { classifyFailure, classifyModelError } from '../../src/model/classify.ts'
import { ModelError, type ModelErrorKind } from '../../src/model/model-error.ts'
import { retryAfterOf } from '../../src/model/retry-after.ts'

const classified = (error: unknown, secrets: readonly string[] = []): ModelError => {
  const result = classifyModelError(error, { secrets, now: Date.parse('2026-11-02T10:00:00Z') })
  if (!ModelError.isInstance(result)) throw new Error('not classified')
  return result
}

const answered = (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}): ModelError =>
  classified(APIError.generate(status, { error }, undefined, new Headers(headers)))

describe('the kind of a failure', () => {
  const rows: readonly [status: number, error: Record<string, unknown>, kind: ModelErrorKind][] = [
    [401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }, 'refused'],
    [402, { message: 'Insufficient credits' }, 'refused'],
    [403, { message: 'Country not supported' }, 'refused'],
    [429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }, 'refused'],
    [429, { message: 'You exceeded your current quota', type: 'insufficient_quota' }, 'refused'],
    [429, { message: 'Rate limit reached for requests' }, 'rate-limited'],
    [408, { message: 'Request timeout' }, 'server-error'],
    [409, { message: 'Conflict' }, 'server-error'],
    [500, { message: 'Internal error' }, 'server-error'],
    [503, { message: 'Loading model', type: 'unavailable_error', code: 503 }, 'server-error'],
    [529, { message: 'Overloaded', type: 'overloaded_error' }, 'server-error'],
    [498, { message: 'Flex tier capacity exceeded', code: 'capacity_exceeded' }, 'server-error'],
    [424, { message: 'Request failed during generation: CUDA out of memory', type: 'generation' }, 'server-error'],
    [400, { message: "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.", code: 'tool_use_failed' }, 'server-error'],
    [400, { message: 'Invalid schema for function' }, 'bad-request'],
    [404, { message: 'The model does not exist', code: 'model_not_found' }, 'bad-request'],
    [422, { message: 'Unprocessable' }, 'bad-request'],
    [404, { message: 'The API deployment for this resource does not exist.', code: 'DeploymentNotFound' }, 'bad-request'],
    [404, { message: 'Not found the model kimi or Permission denied' }, 'bad-request'],
    [404, { message: 'No endpoints found for x/y.' }, 'bad-request'],
    ...['Not Found', '404 page not found', 'no further word', 'Resource not found', "a web page, not an API's answer: Error 404 (Not Found)!!1", 'Invalid URL (POST /chat/completions)', 'Unknown request URL: POST /chat/completions. Please check the URL for typos', 'Cannot POST /chat/completions', 'Route POST:/chat/completions not found'].map((message): [number, Record<string, unknown>, ModelErrorKind] => [404, { message }, 'wrong-address']),
    [405, { message: 'Method Not Allowed' }, 'wrong-address'],
    [400, { message: 'You have reached your specified API usage limits. You will regain access on 2027-01-01 at 00:00 UTC.', type: 'invalid_request_error' }, 'refused'],
    [429, { message: 'Budget has been exceeded! Current cost: 5.1, Max budget: 5.0', type: 'budget_exceeded' }, 'refused'],
    [403, { message: 'Rate limit exceeded' }, 'rate-limited'],
    [403, { message: 'slow down', code: 'rate_limit_exceeded' }, 'rate-limited'],
    [403, { message: 'Your plan has no rate limit for this model' }, 'refused'],
    [400, { message: 'The model is currently overloaded, please retry' }, 'server-error'],
    [400, { message: 'Model unloaded.' }, 'server-error'],
    [400, { message: 'Failed to load model "m". Error: insufficient system resources' }, 'bad-request'],
    [400, { message: 'Invalid message: "the server is busy" is no JSON' }, 'bad-request'],
    [400, { message: 'Invalid message content: The server is busy today' }, 'bad-request'],
    [400, { message: 'messages.3.content: our service is busy on Mondays, is not allowed' }, 'bad-request'],
    [400, { message: 'VertexAIError: The model is currently overloaded' }, 'server-error'],
    [403, { message: 'Rate limit settings may only be changed by an owner' }, 'refused'],
    [403, { message: 'API rate limit exceeded for user ID 7' }, 'rate-limited'],
    [429, { message: 'Your token budget has been exceeded for this minute' }, 'rate-limited'],
    [400, { message: 'The thinking budget has been exceeded' }, 'bad-request'],
    [400, { message: 'Cannot truncate prompt with n_keep (5000) >= n_ctx (4096)' }, 'context-overflow'],
    [400, { message: 'Number of prompt tokens: 5000 exceeds model max length: 4096' }, 'context-overflow'],
  ]
  test.each(rows)('of %i %o is %s [model:retry]', (status, error, kind) => {
    const result = answered(status, error)
    expect(result.kind).toBe(kind)
    expect(result.status).toBe(status)
    expect(result.retryable).toBe(kind === 'server-error' || kind === 'rate-limited')
  })

  test.each<[provider: string, status: number, error: Record<string, unknown>]>([
    ['OpenRouter', 402, { message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits', code: 402 }],
    ['DeepSeek', 402, { message: 'Insufficient Balance', type: 'unknown_error' }],
    ['OpenAI', 429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }],
    ['Moonshot', 429, { message: 'Your account is suspended, please check your plan', type: 'exceeded_current_quota_error' }],
    ['Anthropic', 400, { message: 'Your credit balance is too low to access the Anthropic API.', type: 'invalid_request_error' }],
    ['xAI', 403, { message: 'Your team has either used all available credits or reached its monthly spending limit.' }],
    ['Zhipu', 429, { message: '余额不足或无可用资源包,请充值。', code: '1113' }],
    ['Alibaba', 400, { message: 'Access denied, please make sure your account is in good standing.', code: 'Arrearage' }],
  ])('of an empty credit, as %s says it with %i, is refused, and says to add credit [model:retry]', (_, status, error) => {
    const result = answered(status, error)
    expect([result.kind, result.retryable]).toEqual(['refused', false])
    expect(result.message).toContain("gives no more on this key's credit: add credit there (")
  })

  test('of a credit that is too small for the longest answer says that a shorter one may be allowed; a limit of the rate is none of credit [model:retry]', () => {
    const message = 'This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 2213.'
    expect(answered(402, { message, code: 402 }).message).toContain('add credit there, or allow a shorter answer (sampling.maxOutputTokens) (402): This request')
    expect(answered(429, { message: 'You exceeded your current quota, please check your plan and billing details. Please retry in 22s.' }).kind).toBe('rate-limited')
    expect(answered(500, { message: 'not enough funds' }).kind).toBe('server-error')
  })

  test.each<[what: string, status: number, error: Record<string, unknown>, headers: Record<string, string>, kind: ModelErrorKind]>([
    ['a card that is not there', 429, { message: 'Slow down: no credit card on file, 3 requests a minute' }, {}, 'rate-limited'],
    ['a limit of the rate that says how long to wait', 429, { message: 'Not enough credits for this minute' }, { 'Retry-After': '20' }, 'rate-limited'],
    ['an overflow of the context that repeats the prompt', 400, { message: 'Not enough credits, said the user. The prompt is too long: 9000 tokens > 8192 maximum' }, {}, 'context-overflow'],
    ["a model's call that could not be read", 400, { message: 'insufficient funds, it wrote', code: 'tool_use_failed' }, {}, 'server-error'],
    ['a setting that is refused with the message', 400, { message: "Invalid value for 'messages[3].content': \"my account has insufficient funds\"" }, {}, 'bad-request'],
    ['a body that is refused with the message', 422, { message: '[{"loc":["body","messages"],"input":"There is no credit left"}]' }, {}, 'bad-request'],
  ])('of %s is none of an empty credit [model:retry]', (_, status, error, headers, kind) => {
    const result = answered(status, error, headers)
    expect([result.kind, result.message.includes('add credit')]).toEqual([kind, false])
  })

  test('of an account that is closed says nothing of adding credit; of what is refused without a reason, credit is one of the things to look at [model:retry]', () => {
    const closed = classifyFailure({ message: 'The account has been deactivated', code: 'account_deactivated' })
    expect([closed.kind, answered(401, { message: 'closed', code: 'account_deactivated' }).kind]).toEqual(['refused', 'refused'])
    expect(closed.message).not.toContain('add credit')
    expect(answered(403, { message: 'no' }).message).toContain('refused: check key, permission and credit (403)')
  })

  test('of an empty credit that says how long to wait, with a code, or that says it at the beginning, is refused [model:retry]', () => {
    expect(answered(429, { message: 'Insufficient balance', code: '1113' }, { 'Retry-After': '20' }).kind).toBe('refused')
    expect(answered(400, { message: 'Your account has insufficient balance.' }).kind).toBe('refused')
  })

  test.each<[provider: string, status: number | undefined, error: { message: string; code?: string; type?: string }]>([
    ['Gemini', 400, { message: 'API key not valid. Please pass a valid API key.' }],
    ['Gemini, without one', 400, { message: 'Missing or invalid Authorization header.' }],
    ['Gemini, of an old one', 400, { message: 'API key expired. Please renew the API key.' }],
    ['xAI', 400, { message: 'Incorrect API key provided: xa***23. You can obtain an API key from https://console.x.ai.' }],
    ['LiteLLM', 400, { message: 'Authentication Error, No api key passed in.', type: 'auth_error', code: '401' }],
    ['MiniMax', undefined, { message: "login fail: Please carry the API secret key in the 'Authorization' field of the request header", code: '1004' }],
    ['MiniMax, of a wrong one', undefined, { message: 'invalid api key', code: '2049' }],
    ['a gateway', undefined, { message: '无效的令牌' }],
  ])('of a key, as %s says it with %s, is refused, and is not retried [model:retry]', (_, status, error) => {
    const result = classifyFailure({ status, ...error })
    expect([result.kind, result.retryable]).toEqual(['refused', false])
  })

  test.each<[what: string, status: number | undefined, message: string, kind: ModelErrorKind]>([
    ['a prompt that speaks of keys', 400, "Invalid value for 'messages[3].content': invalid api key", 'bad-request'],
    ['a limit of the rate', 429, 'Invalid API key rate', 'rate-limited'],
    ["a server's own failure", 500, 'Authentication error of the provider behind it', 'server-error'],
    ['a limit of the rate in a body (MiniMax)', undefined, 'rate limit exceeded(RPM)', 'rate-limited'],
    ['a parameter in a body (MiniMax)', undefined, 'invalid params, unknown model', 'bad-request'],
  ])('of %s is none of a key [model:retry]', (_, status, message, kind) => {
    expect(classifyFailure({ status, message }).kind).toBe(kind)
  })

  test.each<[who: string, error: Record<string, unknown>, kind: ModelErrorKind]>([
    ['Bedrock', { message: 'ThrottlingException: Too many requests, please wait before trying again.' }, 'rate-limited'],
    ['Bedrock through boto', { message: 'An error occurred (ThrottlingException) when calling the Converse operation (reached max retries: 4): Too many tokens, please wait before trying again.' }, 'rate-limited'],
    ['Gemini', { message: 'Resource has been exhausted (e.g. check quota).' }, 'rate-limited'],
    ['a gateway', { message: 'slow down', code: 'rate_limit_exceeded' }, 'rate-limited'],
    ['Anthropic behind a gateway', { message: 'Overloaded', type: 'overloaded_error' }, 'server-error'],
    ['Bedrock, whose model takes too long', { message: 'ModelTimeoutException: Model has timed out in processing the request.' }, 'server-error'],
    ['LM Studio', { message: 'The model has crashed without additional information. (Exit code: 1)' }, 'server-error'],
    ['Bedrock behind a gateway', { message: 'ThrottlingException: Too many requests for the invocation parameters' }, 'rate-limited'],
    ['a refused schema with a code of the rate', { message: 'Invalid tool schema', code: 'resource_exhausted' }, 'bad-request'],
    ['a refusal of too many results', { message: 'Invalid request: you sent too many requests in parallel tool results' }, 'bad-request'],
    ['a refusal that repeats a piece of the prompt', { message: "Invalid value for 'messages[3].content': too many requests" }, 'bad-request'],
  ])('that passes by itself, though it is given as a bad request, is asked again: %s [model:retry]', (_who, error, kind) => {
    expect(answered(400, error).kind).toBe(kind)
  })

  const overflows: readonly [provider: string, status: number, error: Record<string, unknown>][] = [
    ['OpenAI', 400, { message: 'Your input exceeds the limit', code: 'context_length_exceeded' }],
    ['vLLM', 400, { message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens" }],
    ['vLLM, by length', 400, { message: 'The decoder prompt (length 9000) is longer than the maximum model length of 4096.' }],
    ['OpenRouter', 400, { message: "This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens" }],
    [
      'llama.cpp',
      400,
      { message: 'the request exceeds the available context size, try increasing it', type: 'exceed_context_size_error', code: 400 },
    ],
    ['llama.cpp, while generating', 500, { message: 'Context size has been exceeded.' }],
    ['Ollama', 400, { message: 'prompt too long; exceeded max context length by 12 tokens' }],
    ['Ollama, embedding', 400, { message: 'the input length exceeds the context length' }],
    ['Anthropic', 400, { message: 'prompt is too long: 210000 tokens > 200000 maximum', type: 'invalid_request_error' }],
    ['Anthropic, with the reply', 400, { message: 'input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000' }],
    ['Gemini', 400, { message: 'The input token count (40000) exceeds the maximum number of tokens allowed (32768).' }],
    ['SGLang', 400, { message: "The input (5000 tokens) is longer than the model's context length (4096 tokens)." }],
    ['xAI', 400, { message: "This model's maximum prompt length is 131072 but the request contains 140000 tokens." }],
    ['MiniMax', 400, { message: 'invalid params, context window exceeds limit (2013)' }],
    ['Zhipu', 400, { message: 'Prompt exceeds max length', code: '1261' }],
    ['Volcengine', 400, { message: 'Total tokens of image and text exceed max message tokens.' }],
    ['OpenAI, of one request above the limit of a minute', 429, { message: 'Request too large for gpt-4 in organization org-x on tokens per min (TPM): Limit 10000, Requested 16062. The input or output tokens must be reduced in order to run successfully.', code: 'rate_limit_exceeded', type: 'tokens' }],
    ['LMDeploy', 400, { message: 'The input tokens exceed the session_len 4096' }],
    ['Bedrock', 400, { message: 'too many total text bytes: 2000000 > 1000000' }],
    ['any, by size', 413, { message: 'Request too large' }],
  ]
  test.each(overflows)('is an overflow of the context in the words of %s [model:any]', (_provider, status, error) => {
    expect(answered(status, error).kind).toBe('context-overflow')
  })

  const filters: readonly [provider: string, status: number, error: Record<string, unknown>][] = [
    ['Azure', 400, { message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.", code: 'content_filter', param: 'prompt', status: 400 }],
    ['OpenAI', 400, { message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt', code: 'invalid_prompt' }],
    ['LiteLLM', 400, { message: "litellm.BadRequestError: litellm.ContentPolicyViolationError: AzureException - The response was filtered", code: '400' }],
    ['OpenRouter', 403, { message: 'anthropic/claude requires moderation on OpenRouter. Your input was flagged for "sexual".', code: 403 }],
    ['DeepSeek', 400, { message: 'Content Exists Risk', type: 'invalid_request_error', code: 'invalid_request_error' }],
    ['Moonshot', 400, { message: 'The request was rejected because it was considered high risk', type: 'content_filter', code: 400 }],
    ['DashScope', 400, { message: 'Input data may contain inappropriate content.', code: 'data_inspection_failed' }],
    ['xAI', 403, { message: 'Content violates usage guidelines. Team: t, API key ID: k, Model: grok-4, Failed check: SAFETY_CHECK_TYPE_BIO', code: 'The caller does not have permission to execute the specified operation' }],
    ['MiniMax', 400, { message: 'input new_sensitive (1026)' }],
    ['Volcengine', 400, { message: 'The request failed because the input text may contain sensitive information.', code: 'InputTextSensitiveContentDetected' }],
    ['Anthropic', 400, { message: 'Output blocked by content filtering policy', type: 'invalid_request_error' }],
    ['a gateway', 400, { message: 'User input violates content policy' }],
    ['Zhipu', 400, { message: '系统检测到输入或生成内容可能包含不安全或敏感内容', code: '1301' }],
  ]
  test.each(filters)("is a content filter's in the words of %s, and is not retried [context:no-poison model:any]", (_provider, status, error) => {
    expect(answered(status, error)).toMatchObject({ kind: 'filtered', retryable: false })
  })

  test.each([
    [{ code: 'invalid_api_key' }, 'refused'], [{ type: 'authentication_error' }, 'refused'], [{ code: 'rate_limit_exceeded' }, 'rate-limited'], [{ code: 'model_not_found' }, 'bad-request'], [{ code: 'overloaded' }, 'server-error'],
  ] as const)('that has no status of its own, as %o in a body or a stream, is %s [model:retry]', (said, kind) => {
    expect(classifyFailure({ message: 'no', ...said }).kind).toBe(kind)
  })

  test('is not an overflow where the text merely speaks of tokens [model:any]', () => {
    expect(answered(400, { message: 'max_tokens is too small: 0' }).kind).toBe('bad-request')
    expect(answered(400, { message: 'too many tokens: max tokens must be less than or equal to 4096, the maximum output length for this model - received 8192.' }).kind).toBe('bad-request')
    expect(answered(429, { message: 'Rate limit reached on tokens per min (TPM): Limit 30000, Used 29000' }).kind).toBe('rate-limited')
  })

  test('of a connection that fails, breaks or takes too long is unreachable [model:retry]', () => {
    const refused = new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' }) })
    expect(classified(new APIConnectionError({ cause: refused }))).toMatchObject({ kind: 'unreachable', retryable: true })
    expect(classified(new APIConnectionError({ cause: refused })).message).toContain('ECONNREFUSED')
    expect(classified(new APIConnectionTimeoutError()).kind).toBe('unreachable')
    const broken = new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) })
    expect(classified(broken).kind).toBe('unreachable')
  })

  test("of an answer that is no JSON is the server's [model:retry]", () => {
    expect(classified(new SyntaxError('Unexpected token <'))).toMatchObject({ kind: 'server-error' })
  })

  test('is left alone for an abort, a classified error and a bug', () => {
    for (const error of [new DOMException('stop', 'AbortError'), new ModelError('refused', 'no'), new RangeError('bug')]) {
      expect(classifyModelError(error)).toBe(error)
    }
  })
})

describe('the wait that a provider asks for', () => {
  const now = Date.parse('2026-11-02T10:00:00Z')
  test.each([
    [{ 'retry-after': '12' }, 12_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
    [{ 'retry-after': 'Mon, 02 Nov 2026 10:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Mon, 02 Nov 2026 09:00:00 GMT' }, undefined],
    [{ 'retry-after': '0' }, undefined],
    [{ 'retry-after-ms': '0', 'retry-after': '9' }, 9_000],
    [{ 'retry-after': '1m30s' }, 90_000],
    [{ 'retry-after': '999999999' }, 24 * 3_600_000],
    [{ 'retry-after': String(now / 1000 + 30) }, 30_000],
    [{ 'retry-after': String(now + 30_000) }, 30_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ] as const)('of %o is %s ms [model:retry]', (headers, wait) => {
    expect(retryAfterOf(new Headers(headers), now)).toBe(wait)
  })

  test.each<[message: string, details: unknown, wait: number | undefined]>([
    ['You exceeded your current quota, please check your plan and billing details. Please retry in 36.756460285s.', undefined, 36_757],
    ['You exceeded your current quota.', [{ '@type': 'type.googleapis.com/google.rpc.Help' }, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '39s' }], 39_000],
    ['Rate limit reached for gpt-4 on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. Visit https://platform.openai.com', undefined, 20_000],
    ['Rate limit reached on tokens per day (TPD): Limit 100000, Used 99336, Requested 1251. Please try again in 8m27.168s. Need more?', undefined, 507_168],
    ['Please try again in 862ms.', undefined, 862],
    ['Requests have exceeded the call rate limit. Please retry after 26 seconds.', undefined, 26_000],
    ['Please try again in 1h2m3s', undefined, 3_723_000],
    ['try again in 2 days', undefined, 24 * 3_600_000],
    ['Please try again in a few minutes', undefined, undefined],
    ['slow down', [{ retryDelay: 5 }, 'x', null], undefined],
    ['slow down', [{ retryDelay: '-5s' }], undefined],
    ['retry in 7s', [{ retryDelay: 'soon' }], 7_000],
    ['retry in 7s', [{ retryDelay: '-5s' }, { retryDelay: '39s' }], 39_000],
    ['try again in 0.12345678901234567s', [{ retryDelay: '1'.repeat(200_000) }], 124],
  ])('is read from the body where no header says it: %s %j [model:retry]', (message, details, wait) => {
    expect(answered(429, { message, details }).retryAfterMs).toBe(wait)
    expect(answered(429, { message, details }, { 'retry-after': '3' }).retryAfterMs).toBe(3_000)
    expect(answered(400, { message, details }).retryAfterMs).toBeUndefined()
  })

  test.each<[fields: Record<string, unknown>, wait: number | undefined]>([
    [{ retry_after: 30 }, 30_000],
    [{ retryAfter: '12.5' }, 12_500],
    [{ retry_after_seconds: '2m' }, 120_000],
    [{ metadata: { retry_after_seconds: 7 } }, 7_000],
    [{ retry_after: 0 }, undefined],
    [{ retryAfter: 60_000 }, undefined],
    [{ retry_after: '60000', message: 'Please retry in 60s' }, 60_000],
    [{ retry_after: 60_000, retry_after_seconds: 60 }, 60_000],
    [{ retry_after: 3_600 }, 3_600_000],
    [{ retry_after_seconds: 7_200 }, 7_200_000],
    [{ retryAfter: '2h' }, 7_200_000],
    [{ retry_after: 'soon' }, undefined],
  ])('is read from a field of the body: %j [model:retry]', (fields, wait) => {
    expect(answered(429, { message: 'slow down', ...fields }).retryAfterMs).toBe(wait)
  })

  test.each([
    ['Rate limit reached. Current limit: 5, remaining: 0. Limit resets at: 2026-11-02 10:00:30 UTC', 30_000],
    ['Quota used up, available again at 2026-11-02T10:00:30+00:00.', 30_000],
    ['Quota resets in 45 seconds', 45_000],
    ['Retry-After: 30', 30_000],
    ['请求过于频繁，请在 30 秒后重试', 30_000],
    ['Limit resets at 2026-11-02 10:00:30 of a zone that nobody knows', undefined],
    ['Limit resets at: 2026-11-02 09:00:30 UTC', undefined],
    ['The limit is 30 requests', undefined],
    ['Slow down. Retry after 30000.', undefined],
    ['This model is available until 2027-01-01T00:00:00Z. Slow down.', undefined],
  ])('is read from words that name a time, or no unit: %s [model:retry]', (message, wait) => {
    expect(answered(429, { message }).retryAfterMs).toBe(wait)
  })

  test.each([
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12s', 'x-ratelimit-remaining-tokens': '900', 'x-ratelimit-reset-tokens': '6m0s' }, 12_000],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '12s', 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 30) }, 30_000],
    [{ 'x-ratelimit-reset': String(now + 30_000) }, 30_000],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000],
    [{ 'anthropic-ratelimit-input-tokens-remaining': '0', 'anthropic-ratelimit-input-tokens-reset': '2026-11-02T10:00:30Z' }, 30_000],
    [{ 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '30' }, undefined],
    [{ 'x-ratelimit-reset-requests': '12s' }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'window 2040' }, undefined],
    [{ 'x-ratelimit-reset': '59000' }, undefined],
    [{ 'x-ratelimit-reset': '2026-11-03T09:00:00Z' }, 3_600_000],
  ])('is until the limit begins anew of which nothing remains, where nothing else says it: %j [model:retry]', (headers, wait) => {
    expect(answered(429, { message: 'slow down' }, headers).retryAfterMs).toBe(wait)
    expect(answered(429, { message: 'Please try again in 7s' }, headers).retryAfterMs).toBe(7_000)
    expect(answered(503, { message: 'busy' }, headers).retryAfterMs).toBeUndefined()
    expect(answered(429, { message: 'slow down', metadata: { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])) } }).retryAfterMs).toBe(wait)
  })

  test('is carried by the error [model:retry]', () => {
    expect(answered(429, { message: 'slow down' }, { 'retry-after': 'Mon, 02 Nov 2026 10:00:30 GMT' }).retryAfterMs).toBe(30_000)
    expect(answered(503, { message: 'busy' }, { 'retry-after': '3' }).retryAfterMs).toBe(3_000)
  })
})

describe('the text of a failure', () => {
  test.each([
    'Incorrect API key provided: sk-proj-abcdef0123456789.',
    'Incorrect API key provided: sk-abc***********xyz.',
    'bad header Authorization: Bearer abc.def-ghi',
    'refused {"api_key": "hunter2hunter2"}',
    'no route to http://user:hunter2@host/v1',
    'key plain-secret-of-no-known-shape is not valid',
  ])('holds no key: %s', (message) => {
    const error = classifyFailure({ status: 401, message }, { secrets: ['plain-secret-of-no-known-shape'] })
    expect(error.message).toContain('[redacted]')
    expect(error.message).not.toMatch(/abcdef|xyz|abc\.def|hunter2|no-known-shape/)
    expect(error.cause).toBeUndefined()
  })

  test('keeps its words where one of them was written in place of a key', () => {
    expect(classifyFailure({ status: 400, message: "Pooling type 'none' is not OAI compatible" }, { secrets: ['none'] }).message).toContain("'none'")
    expect(classifyFailure({ status: 400, message: 'model "ollama/llama3" not found' }, { secrets: ['ollama'] }).message).toContain('ollama/llama3')
  })

  test.each([590, 600, 610])('holds no part of a key that its cut runs through, at %i characters', (end) => {
    const error = classifyFailure({ status: 400, message: `${'.'.repeat(end - 5)}hunter2hunter2` }, { secrets: ['hunter2hunter2'] })
    expect(error.message).not.toContain('hunt')
  })

  test('says what to check, and what the endpoint said', () => {
    const { message } = answered(404, { message: 'The model `gtp-5` does not exist', code: 'model_not_found' })
    expect(message).toMatch(/check model name.*\(404 model_not_found\): The model `gtp-5` does not exist/)
  })
})
