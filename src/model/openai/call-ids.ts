import { createHash } from 'node:crypto'

/** Turns any id into one of nine letters and digits, always the same for the same id. An id of that form stays as it is. */
export function nineCharacterId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id
  return createHash('sha256').update(id).digest('hex').slice(0, 9)
}
