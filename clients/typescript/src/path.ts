import { PerdureError } from './errors.ts'
import type { ErrorCode } from '../../../src/index.ts'

/** A part of a path that names something. @param unknown the code for a name that nothing can have, as no path could hold it */
export interface Part {
  readonly name: unknown
  readonly unknown: ErrorCode
}

export const agent = (name: string): Part => ({ name, unknown: 'agent-unknown' })

/** `path\`/agents/${agent(id)}/state\`` @throws PerdureError */
export function path(texts: TemplateStringsArray, ...parts: readonly Part[]): string {
  return texts.map((text, index) => text + encoded(parts[index])).join('')
}

function encoded(part: Part | undefined): string {
  if (part === undefined) return ''
  const name = String(part.name)
  if (!canBePart(name)) throw new PerdureError(part.unknown, `there is nothing of the name ${JSON.stringify(name)}`)
  return encodeURIComponent(name)
}

/** The dots would lead elsewhere, also where they are encoded; half a surrogate pair can't be written. */
export const canBePart = (name: string): boolean => !['', '.', '..'].includes(name) && !/\p{Surrogate}/u.test(name)
