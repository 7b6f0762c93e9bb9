import type { ProblemCode } from '../../../src/server/problem.ts'

/**
 * Every error that a server tells, under the code that the client in process gives, or one of the server's own. `server-unavailable` also
 * where none could be reached. Codes are stable, texts are not.
 */
export class PerdureError extends Error {
  override readonly name = 'PerdureError'
  readonly code: ProblemCode
  /** Of HTTP; absent where there was no answer. */
  readonly status: number | undefined
  /** What was wrong, and what would be right; the same as `message`. */
  readonly detail: string

  constructor(code: ProblemCode, detail: string, { status, cause }: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(detail, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.detail = detail
  }

  /** True for an error of this class, also one that another copy of the package, or the client in process, made. */
  static isInstance(value: unknown): value is PerdureError {
    return value instanceof Error && value.name === 'PerdureError' && 'code' in value
  }
}

export const invalidArgument = (detail: string): PerdureError => new PerdureError('invalid-argument', detail)

interface Problem {
  readonly code: ProblemCode
  readonly detail: string
}

/** What a problem document (RFC 9457) says. */
export const errorOf = ({ code, detail }: Problem, status?: number): PerdureError => new PerdureError(code, detail, status === undefined ? {} : { status })

/** Undefined for an answer of somebody else, as a proxy before the server. */
export async function problemIn(response: Response): Promise<PerdureError | undefined> {
  const text = await response.text()
  if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json')) return undefined
  return errorOf(JSON.parse(text) as Problem, response.status)
}

/** Whether nobody has answered: a server, or every worker, is away, and what was asked may be asked again. */
export const isUnanswered = (error: unknown): boolean => PerdureError.isInstance(error) && (error.code === 'server-unavailable' || error.code === 'no-worker')
