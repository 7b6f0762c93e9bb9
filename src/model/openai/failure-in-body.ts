import { isRecord } from '../../protocol/is-record.ts'
import { jsonOrText, jsonText } from '../../protocol/json.ts'
import { beginningOf } from '../../protocol/well-formed.ts'

/** A failure's text, and the fields that stand beside it. */
export type FailureInBody = Readonly<Record<string, unknown>> & { readonly message: string }

/**
 * What a body says of a failure, in any shape: `{"error":{…}}`, `{"error":"…"}`, or a text as `message`, `detail` or by the other names of it, beside
 * the code or within the error, also in a list of one. Undefined where it says nothing. It does not tell failures from answers.
 * @param isBehind it is what another failure holds: what it holds itself is not looked at
 */
export function failureInBody(given: unknown, isBehind = false): FailureInBody | undefined {
  const body: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  if (!isRecord(body)) return undefined
  const { error } = body
  const fields = isRecord(error) && Object.keys(error).length > 0 ? error : (listedIn(body) ?? body)
  const message = (typeof error === 'string' ? textOf(error) : undefined) ?? names.map((name) => textOf(fields[name])).find((text) => text !== undefined)
  const code = fields['code'] ?? fields['error_code'] ?? fields['status_code']
  if (message === undefined) return undefined
  const { words, type } = isBehind ? { words: [], type: undefined } : behind(fields)
  return { ...fields, message: [message, ...words.filter((text) => !message.includes(text))].join(': '), ...(code !== undefined && { code }), ...(type !== undefined && { type }) }
}

/**
 * What stands deeper than a failure's own text and says more: the failure of the provider behind a gateway (`metadata.raw`, OpenRouter, whose text is
 * "Provider returned error" alone), words in place of a parameter's name, its name where the text has none, the code of an inner error (Azure).
 */
function behind({ metadata, param, innererror }: Readonly<Record<string, unknown>>): { readonly words: readonly string[]; readonly type?: string } {
  const raw = isRecord(metadata) ? metadata['raw'] : undefined
  const given: unknown = typeof raw === 'string' ? jsonOrText(raw) : raw
  const inner = failureInBody(given, true)
  const words = [inner?.message ?? (typeof given === 'string' ? given.trim() : ''), typeof param === 'string' && (param.includes(' ') || fieldOfRequest.test(param)) ? param : '']
  const type = inner === undefined ? (isRecord(innererror) ? innererror['code'] : undefined) : [inner['code'], inner['type']].find((one) => typeof one === 'string' && !/^\d*$/.test(one))
  return { words: words.filter((text) => text !== '').map((text) => beginningOf(text, mostCharacters)), ...(typeof type === 'string' && { type }) }
}

/** Not a place within one, as `messages.[3].content`. */
const fieldOfRequest = /^[a-z][a-z_]{2,39}$/

/** Of words from behind a gateway, which may be a page. */
const mostCharacters = 2_000

/** Of a failure's text: in the error of most, of Python's servers, of gateways, of Baidu, of MiniMax, of Spring. */
const names = ['message', 'detail', 'details', 'msg', 'error_msg', 'status_msg', 'errorMessage', 'error_description'] as const

/** Where a failure is the first of a list (Cloudflare), or stands beside the answer that is not there (MiniMax). */
function listedIn({ errors, base_resp: response }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : response
  return isRecord(first) ? first : undefined
}

/** Whether a body names itself a failure, so that it is none of an answer's. An answer has a `message` too. */
export function isFailure(body: unknown): boolean {
  if (Array.isArray(body) && body.length === 1) return isFailure(body[0])
  if (!isRecord(body)) return false
  const { error, object } = body
  if (isRecord(error)) return !(saysNone(error) && (answering.some((name) => body[name] != null) || isRecord(body['message'])))
  return (typeof error === 'string' && error !== '') || object === 'error'
}

/** And a message, where it is none of words: those are a failure's. */
const answering = ['choices', 'delta', 'data'] as const
const nothing = new Set<unknown>([undefined, null, '', 0, '0'])

/** Some give an error beside each answer, which is empty, or whose code is zero, where there is none. */
function saysNone({ code, message, ...rest }: Readonly<Record<string, unknown>>): boolean {
  const says = typeof message === 'string' && code != null ? message.replace(/^(?:success|succeeded|ok)$/i, '') : message
  return nothing.has(code) && nothing.has(says) && Object.values(rest).every((value) => nothing.has(value))
}

/** A list or an object as JSON; what is nested too deeply to be written says nothing. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : jsonText(value)
}
