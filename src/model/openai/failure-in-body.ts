import { isRecord } from '../../protocol/is-record.ts'
import { jsonText } from '../../protocol/json.ts'

/** A failure's text, and the fields that stand beside it. */
export type FailureInBody = Readonly<Record<string, unknown>> & { readonly message: string }

/**
 * What a body says of a failure, in any shape: `{"error":{…}}`, `{"error":"…"}`, or a text as `message`, `detail` or by the other names of it, beside
 * the code or within the error, also in a list of one. Undefined where it says nothing. It does not tell failures from answers.
 */
export function failureInBody(body: unknown): FailureInBody | undefined {
  if (Array.isArray(body) && body.length === 1) return failureInBody(body[0])
  if (!isRecord(body)) return undefined
  const { error } = body
  const fields = isRecord(error) ? error : (listedIn(body) ?? body)
  const message = (typeof error === 'string' ? textOf(error) : undefined) ?? names.map((name) => textOf(fields[name])).find((text) => text !== undefined)
  const code = fields['code'] ?? fields['error_code'] ?? fields['status_code']
  return message === undefined ? undefined : { ...fields, message, ...(code !== undefined && { code }) }
}

/** Of a failure's text: in the error of most, of Python's servers, of gateways, of Baidu, of MiniMax, of Spring. */
const names = ['message', 'detail', 'details', 'msg', 'error_msg', 'status_msg', 'errorMessage', 'error_description'] as const

/** Where a failure is the first of a list (Cloudflare), or stands beside the answer that is not there (MiniMax). */
function listedIn({ errors, base_resp: response }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : response
  return isRecord(first) ? first : undefined
}

/** Whether a body names itself a failure, so that it is none of an answer's. An answer has a `message` too. */
export const isFailure = (body: unknown): boolean => (Array.isArray(body) && body.length === 1 && isFailure(body[0])) || (isRecord(body) && (isRecord(body['error']) || (typeof body['error'] === 'string' && body['error'] !== '') || body['object'] === 'error'))

/** A list or an object as JSON; what is nested too deeply to be written says nothing. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : jsonText(value)
}
