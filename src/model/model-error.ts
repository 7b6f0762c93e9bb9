import type { NamedLimits } from './named-limits.ts'

/** The kinds of failure of a model's endpoint between which the loop has to choose. */
export type ModelErrorKind =
  | 'refused' // key, permission or credit: a person must act
  | 'rate-limited' // wait as long as the provider says
  | 'unreachable' // no connection, or it broke
  | 'server-error' // 5xx, or an answer that is no answer
  | 'context-overflow'
  | 'filtered' // a content filter refuses what the prompt says
  | 'wrong-address' // nothing is at the path that the base URL gives
  | 'bad-request' // 4xx that a retry would only repeat

export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly kind: ModelErrorKind
  /** Milliseconds to wait, where the provider said so. */
  readonly retryAfterMs: number | undefined
  readonly status: number | undefined
  /** For `context-overflow`: what the refusal names. */
  readonly limits: NamedLimits | undefined

  constructor(
    kind: ModelErrorKind,
    message: string,
    options: { retryAfterMs?: number | undefined; status?: number | undefined; limits?: NamedLimits | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
    this.status = options.status
    this.limits = options.limits
  }

  get retryable(): boolean {
    return this.kind === 'rate-limited' || this.kind === 'unreachable' || this.kind === 'server-error'
  }

  static isInstance(value: unknown): value is ModelError {
    return value instanceof Error && value.name === 'ModelError' && 'kind' in value
  }
}
