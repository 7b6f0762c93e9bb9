import { createHash } from 'node:crypto'

/** Nine letters and digits, the same for the same id; an id of that form is left alone. */
export function nineCharacterId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id
  return createHash('sha256').update(id).digest('hex').slice(0, 9)
}
