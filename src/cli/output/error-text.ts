import { inspect } from 'node:util'
import { messageOf, PerdureError } from '../../protocol/errors.ts'
import { printable } from './printable.ts'

/**
 * An error for a person: code and text. Where it was not raised on purpose, DEBUG adds the stack; without it, how to get it.
 * @param speaker who says so, before it
 */
export function errorText(error: unknown, env: Readonly<Record<string, string | undefined>>, speaker = 'perdure: '): string {
  const debug = env.DEBUG !== undefined && env.DEBUG !== ''
  if (PerdureError.isInstance(error)) {
    const text = `${speaker}${printable(error.message)} [${error.code}]`
    return debug ? `${text}\n${printable(inspect(error))}` : text
  }
  const text = `${speaker}unexpected error: ${printable(messageOf(error))}`
  return debug ? `${text}\n${printable(inspect(error))}` : `${text}\nSet DEBUG=1 to see where it comes from.`
}
