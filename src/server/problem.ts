import { STATUS_CODES } from 'node:http'
import { PerdureError, type ErrorCode } from '../protocol/errors.ts'
import { Refusal, refusalCodes, type RefusalCode } from './refusal.ts'
import { retryAfterSeconds, statuses } from './statuses.ts'

/** RFC 9457, with our code. */
export interface Problem {
  /** `urn:perdure:problem:` and the code. */
  readonly type: string
  /** The status in words. */
  readonly title: string
  readonly status: number
  /** What was wrong, and what would be right. */
  readonly detail: string
  readonly code: ProblemCode
}

export type ProblemCode = ErrorCode | RefusalCode

/** What the caller is told of anything thrown. Of what nobody foresaw it is told nothing, as the error could hold what others have sent. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return problem(refusalCodes[error.code], error.code, error.message)
  if (PerdureError.isInstance(error)) return problem(statuses[error.code], error.code, error.message)
  return problem(500, 'internal', 'the request failed for a reason that was not foreseen; the log of the server names the place')
}

const problem = (status: number, code: Problem['code'], detail: string): Problem => ({ type: `urn:perdure:problem:${code}`, title: STATUS_CODES[status] ?? 'Error', status, detail, code })

/** What an answer that tells of an error has beside its body, in whichever form that is. */
export function headersOf(error: unknown): Readonly<Record<string, string>> {
  const seconds = PerdureError.isInstance(error) ? retryAfterSeconds[error.code] : undefined
  return { 'cache-control': 'no-store', ...(seconds !== undefined && { 'retry-after': String(seconds) }), ...(error instanceof Refusal && error.headers) }
}

export function problemResponse(error: unknown): Response {
  const body = problemOf(error)
  return new Response(JSON.stringify(body), { status: body.status, headers: { 'content-type': 'application/problem+json', ...headersOf(error) } })
}
