import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai'
import { isRecord } from '../protocol/is-record.ts'
import { connectionAdvice, isForbiddenPort } from '../protocol/network.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import { saysContextOverflow } from './context-overflow.ts'
import { saysFiltered } from './content-filter.ts'
import { creditAdvice, saysEmptyCredit } from './credit.ts'
import { saysKeyRefused } from './key-refused.ts'
import { ModelError, type ModelErrorKind } from './model-error.ts'
import { limitsNamedIn } from './named-limits.ts'
import { redact } from './redact.ts'
import { resetNamedIn, retryAfterNamedIn, retryAfterOf } from './retry-after.ts'
import { saysWrongAddress } from './wrong-address.ts'

/** A failure as the endpoint reported it: by the status, in the body, or in the body of a 200. */
export interface ProviderFailure {
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly message: string
  readonly retryAfterMs?: number | undefined
  /** Until the limit begins anew, as headers say that come with each answer: where nothing else says how long to wait. */
  readonly resetMs?: number | undefined
  /** What Google's endpoints give beside the message: a list, in which the time to wait may be named. */
  readonly details?: unknown
  /** All that stands beside the message: the time to wait may have a field of its own. */
  readonly fields?: unknown
}

export interface ClassifyOptions {
  /** Keys that must not appear in a message, besides those that are known by their shape. */
  readonly secrets?: readonly string[]
  /** Epoch milliseconds, for a `Retry-After` that is a date. */
  readonly now?: number
}

/** What is said of a connection of which nothing more is known. */
export const checkAddress = 'check its address (http or https, host and port), and that it is up'

/** What a body says that has no status of its own: in an answer of status 200, or within a stream. MiniMax has words alone. */
const rateCodes = new Set(['rate_limit_exceeded', 'rate_limit_error', 'too_many_requests', 'resource_exhausted'])
const saysRate = /^rate limit|^too many requests/i
/** What is forbidden may be to change it. */
const saysRateReached = /^(?:API )?rate limit (?:is |was |has been )?(?:exceeded|reached|hit)\b|^you have exceeded a secondary rate limit|^too many requests/i
const badCodes = new Set(['model_not_found', 'not_found_error'])
const saysBad = /^invalid params?\b/i

/** OpenAI says with 429 that one request is larger than the limit of a minute: it never fits, however long one waits. */
const neverWithinRate = /request too large[^]{0,200}\bLimit:? [\d,]+, Requested|tokens must be reduced in order to run/i

/** A model's call that the endpoint could not read (Groq): asked again, it writes another. */
const spoiltCall = new Set(['tool_use_failed'])
/** What passes by itself, and gateways give as a bad request: Bedrock's, Gemini's and Anthropic's own, LM Studio's crash of a model and model that was unloaded meanwhile. Not within quotation marks or braces, where a piece of the prompt may stand. */
const beginning = '^[^\\n"\'`“{[]{0,80}'
const saysThrottled = new RegExp(`${beginning}(?:\\bThrottlingException\\b|\\btoo many requests\\b|\\bresource has been exhausted\\b)`, 'i')
const saysPassing = new RegExp(`${beginning}(?:\\b(?:ServiceUnavailable|ModelTimeout|ModelNotReady|InternalServer)Exception\\b|^overloaded\\b|\\bmodel has crashed\\b|^model (?:was )?unloaded\\b|^channel error\\b|^upstream (?:request timeout|connect error))`, 'i')
/** These words stand in many a text: behind a colon, which may be that of an error's name alone, the refusal may repeat the prompt's. */
const saysBusy = /^(?:[\w.]{0,60}(?:error|exception): ?)?[^\n:"'`“{[]{0,60}\b(?:model|server|service|engine) is (?:currently |temporarily )?(?:overloaded|busy|at capacity)\b/i
const passing = new Set(['overloaded_error', 'throttlingexception', 'serviceunavailableexception', 'modeltimeoutexception', 'modelnotreadyexception', 'internalserverexception'])

/** What is refused for its form passes by no waiting, though a gateway gives a code of the rate with it; the name of Bedrock's error is plain enough. */
const saysForm = /^(?![^]*\bThrottlingException\b)[^]*\b(?:invalid|schema|parameters?)\b/i
const ofForm = new Set([400, 422])

/** The endpoint's own failures, of those below 500: 424 of TGI and Bedrock, 498 of Groq's capacity, 499 of a proxy whose connection broke. */
const failures = new Set([408, 409, 424, 425, 498, 499])

/**
 * Turns an error of the `openai` package into what the loop needs to know of it. An AbortError passes through as it is, and so does an
 * error that does not come from the endpoint (a bug). The result has no `cause`: the original error holds the request's headers and the
 * unredacted text, and causes are serialised.
 */
export function classifyModelError(error: unknown, options: ClassifyOptions = {}): unknown {
  if (ModelError.isInstance(error) || (error instanceof Error && error.name === 'AbortError')) return error
  if (error instanceof APIConnectionTimeoutError) {
    return new ModelError('unreachable', "the model's endpoint did not answer in time: check that it is up, or raise the timeout")
  }
  if (error instanceof APIConnectionError || isBrokenConnection(error)) {
    const reason = deepestReason(error)
    return new ModelError(
      isForbiddenPort(reason) ? 'wrong-address' : 'unreachable',
      `no connection to the model's endpoint (${redact(wordsOf(reason), options.secrets)}): ${connectionAdvice(error) || checkAddress}`,
    )
  }
  if (error instanceof APIError) return classifyFailure(failureOf(error as APIError, options.now ?? Date.now()), options)
  if (error instanceof SyntaxError) return notAnAnswer(error.message, options)
  return error
}

export function classifyFailure(failure: ProviderFailure, options: ClassifyOptions = {}): ModelError {
  const kind = kindOf(failure)
  const code = failure.code ?? failure.type
  // Some give the status as the code too.
  const said = [...new Set([failure.status, code].filter((part) => part !== undefined).map(String))].join(' ')
  const means = kind === 'refused' && saysEmptyCredit(failure) ? `the model's endpoint gives no more on this key's credit: ${creditAdvice(failure.message)}` : meaning[kind]
  const text = `${means}${redact(said === '' ? '' : ` (${said})`, options.secrets)}: ${excerpt(failure.message, 600, options)}`
  const limits = kind === 'context-overflow' ? limitsNamedIn(failure.message, code) : undefined
  const retryAfterMs = failure.retryAfterMs ?? (kind === 'rate-limited' ? (retryAfterNamedIn(failure, options.now) ?? failure.resetMs) : undefined)
  return new ModelError(kind, text, { status: failure.status, retryAfterMs, limits })
}

/** A success that cannot be read: often a base URL that leads elsewhere. */
export function notAnAnswer(detail: string, options: ClassifyOptions = {}): ModelError {
  const text = `the model's endpoint answered with something that is no chat completion or embedding: ${excerpt(detail, 400, options)}; check its base URL (most end in /v1)`
  return new ModelError('server-error', text)
}

/** The beginning of a text, cut after it was redacted: half a key would not be known as one. */
const excerpt = (text: string, most: number, { secrets }: ClassifyOptions): string => beginningOf(redact(text.slice(0, 8_000), secrets), most)

const meaning: Readonly<Record<ModelErrorKind, string>> = {
  'refused': "the model's endpoint refused: check key, permission and credit",
  'rate-limited': "the model's endpoint limits the rate",
  'unreachable': "no connection to the model's endpoint",
  'server-error': "the model's endpoint failed",
  'context-overflow': "the prompt does not fit the model's context window",
  'filtered': "the provider's content filter refused the prompt",
  'wrong-address': "the model's endpoint has nothing at this address: check its base URL (most end in /v1), and the model's name",
  'bad-request': "the model's endpoint does not accept the request: check model name, base URL and settings",
}

function kindOf(failure: ProviderFailure): ModelErrorKind {
  const { status = 500, code, type } = failure
  const says = (codes: ReadonlySet<string>): boolean => [code, type].some((one) => one !== undefined && codes.has(one.toLowerCase()))
  // Before the status: some filters answer 403, as a refused key does.
  if (saysFiltered(failure)) return 'filtered'
  // GitHub, and gateways that answer as it does.
  if (status === 403 && (says(rateCodes) || saysRateReached.test(failure.message))) return 'rate-limited'
  if (status === 401 || status === 403) return 'refused'
  // Not of what would be answered if it were shorter, or asked again.
  if (saysEmptyCredit(failure) && !saysContextOverflow(failure) && !says(spoiltCall)) return 'refused'
  if (saysKeyRefused(failure)) return 'refused'
  if (status === 429 || (failure.status === undefined && (says(rateCodes) || saysRate.test(failure.message)))) return neverWithinRate.test(failure.message) ? 'context-overflow' : 'rate-limited'
  if (failure.status === undefined && (says(badCodes) || saysBad.test(failure.message))) return 'bad-request'
  if (saysWrongAddress(failure)) return 'wrong-address'
  // A 413 can mean a limit of bytes or of tokens a minute. Either way a smaller prompt helps, and the same prompt again does not.
  if (status === 413 || saysContextOverflow(failure)) return 'context-overflow'
  if (status >= 500 || failures.has(status) || says(spoiltCall)) return 'server-error'
  const isOfForm = ofForm.has(status) && saysForm.test(failure.message)
  if (!isOfForm && (saysThrottled.test(failure.message) || says(rateCodes))) return 'rate-limited'
  if (saysPassing.test(failure.message) || (!isOfForm && saysBusy.test(failure.message)) || says(passing)) return 'server-error'
  return 'bad-request'
}

function failureOf(error: APIError, now: number): ProviderFailure {
  // Some endpoints give a number here, against the declared types.
  const { code, type }: { readonly code?: unknown; readonly type?: unknown } = error
  return {
    status: error.status,
    code: typeof code === 'string' ? code : undefined,
    type: typeof type === 'string' ? type : undefined,
    // The package puts the status first; the message has it already.
    message: `${error.message.replace(/^\d{3} /, '')}${figuresIn(error.error)}`,
    retryAfterMs: error.headers === undefined ? undefined : retryAfterOf(error.headers, now),
    resetMs: error.headers === undefined ? undefined : resetNamedIn(error.headers, now),
    details: isRecord(error.error) ? error.error['details'] : undefined,
    fields: error.error,
  }
}

/** llama.cpp gives the figures beside its text. */
function figuresIn(body: unknown): string {
  if (!isRecord(body) || typeof body['n_ctx'] !== 'number') return ''
  return ` (n_prompt_tokens ${String(body['n_prompt_tokens'])}, n_ctx ${body['n_ctx']})`
}

/** A connection that broke while the body was read surfaces as fetch's TypeError with the socket's error as its cause. */
function isBrokenConnection(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause
}

function deepestReason(error: unknown): unknown {
  let reason = error
  while (reason instanceof Error && reason.cause instanceof Error) reason = reason.cause
  return reason
}

/** OpenSSL's own text has places in its source before and behind what it says. */
const ofOpenSsl = /^[^]*:SSL routines:[^:]*:([^:\n]+)[^]*$/

function wordsOf(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason)
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : ''
  return reason.message === '' ? code : reason.message.replace(ofOpenSsl, '$1')
}
