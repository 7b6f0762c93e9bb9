import type { StoredMessage } from '../../protocol/messages.ts'
import type { Palette } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { beginning, counted, indented, shortTime } from '../output/text.ts'
import { callText } from '../output/call-text.ts'
import { thoughtsOf } from '../output/thoughts.ts'
import { wholeNumber, type SlashCommand } from './command.ts'

const mostMessages = 1_000
const shownOfOne = { lines: 12, characters: 1_200 }

export const dump: SlashCommand = {
  name: 'dump',
  argument: '[N]',
  summary: 'the messages in the context, or the last N of recall memory',
  run: async ({ agentId, connection: { client }, console: { palette } }, argument) => {
    if (argument === '') {
      const messages = await client.context(agentId)
      return [`${counted(messages.length, 'message')} in the context:`, ...messages.map((message) => dumpText(message, palette))].join('\n')
    }
    const { total, messages } = await client.searchRecall(agentId, { order: 'newest', limit: wholeNumber(argument, mostMessages) })
    const shown = messages.toReversed().map((message) => dumpText(message, palette))
    return [`The last ${messages.length.toLocaleString('en-US')} of ${counted(total, 'message')} in recall memory:`, ...shown].join('\n')
  },
}

/** A message as it is kept: head, text, calls. */
export function dumpText(message: StoredMessage, palette: Palette): string {
  const { seq, turn, role, kind, toolName, ok, at, tokens, popped, reply, text, calls = [] } = message
  const what = [role, kind === undefined || kind === 'user-message' ? undefined : kind, toolName, ok === false ? 'failed' : undefined, popped === true ? 'popped' : undefined]
  const head = `#${seq}  turn ${turn}  ${what.filter((part) => part !== undefined).map((part) => printable(part)).join(', ')}  ${shortTime(at)}  ${counted(tokens, 'token')}`
  const body = [
    ...(role === 'assistant' ? thoughtsOf(message).map((thought) => `· ${beginning(thought.text, shownOfOne)}`) : text === '' ? [] : [beginning(text, shownOfOne)]),
    ...calls.map((call) => `→ ${beginning(callText(call), shownOfOne)}`),
    ...(reply === undefined ? [] : [`→ user: ${beginning(reply, shownOfOne)}`]),
  ]
  return [palette.dim(head), ...body.map((part) => indented(part, 4))].join('\n')
}
