import { isRecord } from '../../protocol/is-record.ts'
import { jsonText } from '../../protocol/json.ts'

/** A failure's text, and the fields that stand beside it. */
export type FailureInBody = Readonly<Record<string, unknown>> & { readonly message: string }

/**
 * What a body says of a failure, in any shape: `{"error":{…}}`, `{"error":"…"}`, or a text as `message`, `detail` or `details`, beside the
 * code or within the error. Undefined where it says nothing. It does not tell failures from answers.
 */
export function failureInBody(body: unknown): FailureInBody | undefined {
  if (!isRecord(body)) return undefined
  const { error } = body
  const fields = isRecord(error) ? error : body
  const message = (typeof error === 'string' ? textOf(error) : undefined) ?? textOf(fields['message']) ?? textOf(fields['detail']) ?? textOf(fields['details'])
  return message === undefined ? undefined : { ...fields, message }
}

/** Whether a body names itself a failure, so that it is none of an answer's. An answer has a `message` too. */
export const isFailure = (body: unknown): boolean => isRecord(body) && (isRecord(body['error']) || (typeof body['error'] === 'string' && body['error'] !== '') || body['object'] === 'error')

/** A list or an object as JSON; what is nested too deeply to be written says nothing. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : jsonText(value)
}
