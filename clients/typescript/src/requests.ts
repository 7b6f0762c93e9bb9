import { abortWith } from './abort-with.ts'
import { invalidArgument, PerdureError, problemIn } from './errors.ts'
import { backoffMs, pause } from './pause.ts'

/** The most that a page may have. */
export const pageSize = 1_000

type Parameter = string | number | boolean | undefined

export interface Asking {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, encoded. */
  readonly path: string
  /** What is undefined is left out; a list is given as often as it has items. */
  readonly query?: Readonly<Record<string, Parameter | readonly Parameter[]>>
  readonly body?: unknown
  /** The same for each try, so that what is asked for is done once. */
  readonly idempotencyKey?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** A try that has no answer by then has lost its server. Default: as long as it takes, of what changes something. */
  readonly tryMs?: number
  /** How long a server that is away is waited for. Default: the client's. */
  readonly patienceMs?: number
  /** Waits also while the server answers that a store, Temporal or every worker is away. */
  readonly throughAway?: true
  /** Nothing tells a second one apart, so it is made again only where it was certainly not done. */
  readonly once?: true
}

export interface Answered<Answer> {
  readonly answer: Answer
  /** An earlier try may have been done, and its answer was lost. */
  readonly lost: boolean
}

export interface Requests {
  /** @throws PerdureError; the signal's reason */
  readonly ask: <Answer>(asking: Asking) => Promise<Answer>
  /** One field of the answer. */
  readonly askIn: <Answer>(field: string, asking: Asking) => Promise<Answer>
  /** The same, for those whom it concerns whether it was asked for more than once. */
  readonly askTelling: <Answer>(asking: Asking) => Promise<Answered<Answer>>
  /** An answer whose body is yet to be read. */
  readonly open: (asking: Asking) => Promise<Response>
  /**
   * Whatever changes something waits for this, however it ends, but for no longer than a server that is there takes: so who watches from now
   * on is told of it.
   */
  readonly before: (beginning: Promise<unknown>) => void
}

export interface RequestsOptions {
  readonly url: string
  readonly key: string | undefined
  readonly patienceMs: number
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** A request that was held for so long had somebody behind it. Without an answer it may have been the connecting alone, which takes up to two minutes. */
const heldMs = { answered: 5_000, cutOff: 150_000 }
/** What is only read is answered by then, if it is. */
const readMs = 120_000
const beginMs = 2_000

export function createRequests({ url, key, patienceMs: usualPatienceMs, fetch }: RequestsOptions): Requests {
  const base = `${url.replace(/\/+$/, '')}/api/v1`
  const beginnings = new Set<Promise<unknown>>()

  const respond = async <Answer>(asking: Asking, read: (response: Response) => Promise<Answer>): Promise<Answered<Answer>> => {
    const { method, path, query, signal, patienceMs = usualPatienceMs, once } = asking
    const request = { method, headers: headersOf(asking, key), ...bodyOf(asking.body) }
    let away: number | undefined
    let lost = false
    for (let tries = 0; ; tries += 1) {
      signal?.throwIfAborted()
      const began = Date.now()
      const failure = await oneTry(asking, (given) => fetch(base + path + queryText(query), { ...request, signal: given }), read)
      if ('answer' in failure) return { answer: failure.answer, lost }
      const { error, again, afterMs = backoffMs(tries) } = failure
      if (again === 'never' || (again === 'perhaps' && once === true)) throw error
      if (again === 'perhaps') lost = true
      const now = Date.now()
      away = away === undefined || now - began > heldMs[failure.answered ? 'answered' : 'cutOff'] ? now : away
      if (now + afterMs - away > patienceMs) throw error
      await pause(afterMs, signal)
    }
  }

  const begun = async ({ method, signal }: Asking): Promise<void> => {
    if (method !== 'GET' && beginnings.size > 0) await Promise.race([Promise.allSettled(beginnings), pause(beginMs, signal)])
  }

  const askTelling = async <Answer>(asking: Asking): Promise<Answered<Answer>> => {
    await begun(asking)
    return respond(asking, (response) => response.json() as Promise<Answer>)
  }

  return {
    askTelling,
    ask: async <Answer>(asking: Asking) => (await askTelling<Answer>(asking)).answer,
    askIn: async <Answer>(field: string, asking: Asking) => (await askTelling<Readonly<Record<string, Answer>>>(asking)).answer[field] as Answer,
    open: async (asking) => {
      await begun(asking)
      return (await respond(asking, (response) => Promise.resolve(response))).answer
    },
    before: (beginning) => {
      const over = (): void => void beginnings.delete(beginning)
      beginnings.add(beginning)
      beginning.then(over, over)
    },
  }
}

const awayCodes: ReadonlySet<string> = new Set(['server-unavailable', 'store-full', 'no-worker', 'wrong-stores', 'run-full'])

interface Failure {
  readonly error: PerdureError
  /** Whether asking again may help. `perhaps`: it may have been done. */
  readonly again: 'never' | 'perhaps' | 'surely'
  readonly afterMs?: number
  readonly answered: boolean
}

/** @throws the signal's reason */
async function oneTry<Answer>(
  { method, signal, tryMs = method === 'GET' ? readMs : undefined, throughAway, headers }: Asking,
  send: (signal: AbortSignal) => Promise<Response>,
  read: (response: Response) => Promise<Answer>,
): Promise<{ readonly answer: Answer } | Failure> {
  const leaving = new AbortController()
  const letGo = abortWith(leaving, signal)
  const late = tryMs === undefined ? undefined : setTimeout(() => leaving.abort(new DOMException(`nothing came within ${tryMs / 1_000} s`, 'TimeoutError')), tryMs)
  try {
    const response = await send(leaving.signal)
    const type = headers?.['accept'] ?? 'application/json'
    if (response.ok && !(response.headers.get('content-type') ?? '').startsWith(type)) return failureOf(response, undefined)
    if (response.ok) return { answer: await read(response) }
    return failureOf(response, await problemIn(response), throughAway)
  } catch (cause) {
    signal?.throwIfAborted()
    const what = `no server of Perdure has answered (${reasonOf(cause)}); see that it runs and that the url is right`
    const error = new PerdureError('server-unavailable', `${what}. What was sent may have been accepted: send it again under its id`, { cause })
    return { error, again: 'perhaps', answered: false }
  } finally {
    clearTimeout(late)
    letGo()
  }
}

function failureOf(response: Response, problem: PerdureError | undefined, throughAway = false): Failure {
  const { status } = response
  if (problem === undefined) {
    const error = new PerdureError('server-unavailable', `the url answers ${status}, and not as a server of Perdure does; see that it is right`, { status })
    return { error, again: status >= 502 && status <= 504 ? 'perhaps' : 'never', answered: true }
  }
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  const wait = { error: problem, afterMs: Math.max(1, seconds) * 1_000, answered: true }
  if (problem.code === 'rate-limited') return { ...wait, again: 'surely' }
  if (throughAway && awayCodes.has(problem.code)) return { ...wait, again: 'perhaps' }
  // Another server, or the next one at this address, goes on with it.
  return { error: problem, again: problem.code === 'shutting-down' ? 'perhaps' : 'never', answered: true }
}

/** Of Node's `fetch failed` the cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}

function headersOf({ idempotencyKey, headers, body }: Asking, key: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': inHeader(idempotencyKey) }),
    ...headers,
  }
}

/** @throws PerdureError `invalid-argument` for what would come as something else, or not at all */
function inHeader(id: unknown): string {
  if (typeof id !== 'string') throw invalidArgument('an id is a string')
  if (/^[\x20-\x7e\xa0-\xff]*$/.test(id) && id.trim() === id) return id
  throw invalidArgument('over HTTP an id has no characters beyond ÿ, none that control, and no space at its ends')
}

/** @throws PerdureError `invalid-argument` */
function bodyOf(body: unknown): { readonly body?: string | FormData } {
  if (body === undefined || body instanceof FormData) return body === undefined ? {} : { body }
  try {
    return { body: JSON.stringify(body) }
  } catch (error) {
    throw invalidArgument(`over HTTP arguments are JSON, and these can't be written so: ${reasonOf(error)}`)
  }
}

/** Parameters of HTTP are text, whatever they were: what was to be one has to be told here. @throws PerdureError `invalid-argument` */
export function assertTexts(query: Readonly<Record<string, unknown>>, ...names: readonly string[]): void {
  const wrong = names.find((name) => query[name] !== undefined && typeof query[name] !== 'string')
  if (wrong !== undefined) throw invalidArgument(`${wrong} is a text`)
}

function queryText(query: Asking['query'] = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const item of [value].flat()) if (item !== undefined) parameters.append(name, String(item))
  }
  return parameters.size > 0 ? `?${parameters.toString()}` : ''
}

