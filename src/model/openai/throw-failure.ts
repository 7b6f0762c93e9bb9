import { classifyFailure } from '../classify.ts'
import { failureInBody, isFailure } from './failure-in-body.ts'

/**
 * OpenRouter, among others, puts the failure of the provider behind it into the body of a 200.
 * @throws ModelError where the body is one
 */
export function throwFailureIn(json: unknown, secrets: readonly string[]): void {
  if (!isFailure(json)) return
  const { message, code, type } = failureInBody(json) ?? { message: 'no further word' }
  const given = typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
  const status = Number(given)
  throw classifyFailure(
    { message, type: typeof type === 'string' ? type : undefined, ...(Number.isInteger(status) && status >= 400 ? { status } : { code: given }) },
    { secrets },
  )
}
