import { createHash } from 'node:crypto'

/**
 * Makes an id for a tool call that has none, from the call's content and its place. So the same answer gets the same ids again, and
 * different calls of a conversation get different ids.
 */
export function madeUpCallId(
  place: { readonly conversationLength: number; readonly index: number },
  call: { readonly name: string; readonly arguments: string },
): string {
  const seed = JSON.stringify([place.conversationLength, place.index, call.name, call.arguments])
  return idOf(seed)
}

/** Turns any id into one of nine letters and digits, always the same for the same id. An id of that form stays as it is. */
export function nineCharacterId(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id
  return createHash('sha256').update(id).digest('hex').slice(0, 9)
}

/** Turns an id that has other signs than letters, digits, `_` and `-`, or more than 40, into one that has not, always the same. */
export function plainId(id: string): string {
  return /^[a-zA-Z0-9_-]{1,40}$/.test(id) ? id : idOf(id)
}

/** The id under which a call is sent whose own id stands earlier in the same prompt already, so many times. */
export const repeatedId = (id: string, times: number): string => idOf(JSON.stringify([id, times]))

const idOf = (seed: string): string => `call_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`
