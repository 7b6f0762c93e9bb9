import { messageOf, PerdureError, type ErrorCode } from '../protocol/errors.ts'
import type { Thrown } from './messages.ts'

/** A chain of causes may be a circle, and is of use for its first links alone. */
const mostCauses = 8

export function thrownOf(error: unknown, causes = mostCauses): Thrown {
  if (!(error instanceof Error)) return { name: 'Error', message: messageOf(error) }
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { name, message, ...(code !== undefined && { code }), ...(stack !== undefined && { stack }), ...(cause !== undefined && causes > 0 && { cause: thrownOf(cause, causes - 1) }) }
}

/** An error that says the same; one of ours is one of ours. */
export function errorOf({ name, message, code, stack, cause }: Thrown): Error {
  const options = cause && { cause: errorOf(cause) }
  const error = name === 'PerdureError' ? new PerdureError(code as ErrorCode, message, options) : Object.assign(new Error(message, options), { name, ...(code !== undefined && { code }) })
  if (stack !== undefined) error.stack = stack
  return error
}
