import { classifyFailure } from '../classify.ts'
import { ModelError } from '../model-error.ts'
import { failureInBody, isFailure, type FailureInBody } from './failure-in-body.ts'

/**
 * OpenRouter, among others, puts the failure of the provider behind it into the body of a 200.
 * @throws ModelError where the body is one
 */
export function throwFailureIn(json: unknown, secrets: readonly string[]): void {
  if (isFailure(json)) throw failureOf(failureInBody(json) ?? { message: 'no further word' }, secrets)
}

/** With the status 200 where the body names none: such a failure is known by its words alone, as a refusal is. Some have numbers of their own (MiniMax, Zhipu). */
export function failureOf(fields: FailureInBody, secrets: readonly string[]): ModelError {
  const { message, code, type, details } = fields
  const given = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
  const named = Number(given)
  const status = Number.isInteger(named) && named >= 400 && named < 600 ? named : undefined
  const { kind, message: text, limits, retryAfterMs } = classifyFailure({ message, details, fields, type: typeof type === 'string' ? type : undefined, ...(status === undefined ? { code: given } : { status }) }, { secrets })
  return new ModelError(kind, text, { status: status ?? 200, limits, retryAfterMs })
}
