import { createHash } from 'node:crypto'

/**
 * An id for a tool call that has none: of what the call says and where it stands, so that the same answer gets the same
 * ids and calls along a conversation get different ones.
 */
export function madeUpCallId(
  place: { readonly conversationLength: number; readonly index: number },
  call: { readonly name: string; readonly arguments: string },
): string {
  const seed = JSON.stringify([place.conversationLength, place.index, call.name, call.arguments])
  return `call_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`
}
