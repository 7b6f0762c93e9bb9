import { messageOf } from '../../protocol/errors.ts'
import { ModelError, type ModelErrorKind } from '../../model/model-error.ts'
import { RequestError } from './read-body.ts'

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** For each kind of error the status and code that OpenAI would give, so that every client takes the error for what it was. */
const answers: Readonly<Record<ModelErrorKind, { readonly status: number; readonly type: string; readonly code: string | null }>> = {
  'refused': { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  'rate-limited': { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  'unreachable': { status: 503, type: 'server_error', code: null },
  'server-error': { status: 500, type: 'server_error', code: null },
  'context-overflow': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  'filtered': { status: 400, type: 'invalid_request_error', code: 'content_filter' },
  'wrong-address': { status: 404, type: 'invalid_request_error', code: 'unknown_url' },
  'bad-request': { status: 400, type: 'invalid_request_error', code: null },
}

/** What the caller gets for anything thrown. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof RequestError) return answer(error.status, error.message, 'invalid_request_error', null)
  if (!ModelError.isInstance(error)) return answer(500, messageOf(error), 'server_error', null)
  const { status, type, code } = answers[error.kind]
  const headers: Record<string, string> = {}
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
    headers['retry-after-ms'] = String(error.retryAfterMs)
  }
  return { ...answer(error.status ?? status, error.message, type, code), headers }
}

function answer(status: number, message: string, type: string, code: string | null): ErrorAnswer {
  return { status, headers: {}, body: { error: { message, type, param: null, code } } }
}
