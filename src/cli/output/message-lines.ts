import type { StoredMessage } from '../../protocol/messages.ts'
import { callText, thoughtsOf } from './call-text.ts'
import type { Palette } from './palette.ts'
import { printable } from './printable.ts'
import { beginning, counted, indented, shortTime } from './text.ts'

const shownOfOne = { lines: 12, characters: 1_200 }

/**
 * A message as it is kept: head, text, calls.
 * @param near numbers of those that a search has found by meaning alone
 */
export function messageText(message: StoredMessage, palette: Palette, near: readonly number[] = []): string {
  const { seq, turn, role, kind, toolName, ok, at, tokens, popped, reply, text, calls = [] } = message
  const what = [role, kind === undefined || kind === 'user-message' ? undefined : kind, toolName, ok === false ? 'failed' : undefined, popped === true ? 'popped' : undefined, near.includes(seq) ? 'near by meaning' : undefined]
  const head = `#${seq}  turn ${turn}  ${what.filter((part) => part !== undefined).map((part) => printable(part)).join(', ')}  ${shortTime(at)}  ${counted(tokens, 'token')}`
  const body = [
    ...(role === 'assistant' ? thoughtsOf(message).map((thought) => `· ${beginning(thought.text, shownOfOne)}`) : text === '' ? [] : [beginning(text, shownOfOne)]),
    ...calls.map((call) => `→ ${beginning(callText(call), shownOfOne)}`),
    ...(reply === undefined ? [] : [`→ user: ${beginning(reply, shownOfOne)}`]),
  ]
  return [palette.dim(head), ...body.map((part) => indented(part, 4))].join('\n')
}
