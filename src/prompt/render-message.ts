import type { ChatMessage } from '../model/model.ts'
import { isJson, jsonObject } from '../protocol/json.ts'
import type { Given, StoredMessage, ToolCall } from '../protocol/messages.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import { givenWithin, type TurnOfMessage } from './given-within.ts'

/** Share of the window that one message may take in a prompt; the rest of it is cut there, and kept whole in recall. */
const messageShare = 0.2
/** Cautious for any language: a message cut by it is well within the share. */
const charactersPerToken = 3
/** Characters of a page that was paged out which stay in view, so that the model recognises the page. */
const pageHeadCharacters = 80

/** A stored message as the model sees it. Always the same for the same message and window, as long as its turn runs and ever after, so that prefixes stay common. */
export function renderMessage(message: StoredMessage, contextWindow: number, turn: TurnOfMessage): ChatMessage {
  const room = Math.floor(contextWindow * messageShare * charactersPerToken)
  switch (message.role) {
    case 'assistant':
      return {
        role: 'assistant',
        content: shortened(message.text, room),
        toolCalls: (message.calls ?? []).map((call) => shortenedCall(pagedOut(call), room, turn)),
        ...(message.given && { given: givenOf(message.given, room, turn) }),
      }
    case 'tool':
      return {
        role: 'tool',
        toolCallId: message.callId ?? '',
        content: JSON.stringify({ status: message.ok === false ? 'error' : 'ok', message: shortened(message.text, room), time: minute(message.at) }),
      }
    case 'user':
    case 'system':
      return {
        role: 'user',
        content: JSON.stringify({ type: (message.kind ?? 'notice').replaceAll('-', '_'), time: minute(message.at), message: shortened(message.text, room) }),
      }
  }
}

/** The text that `page_out` has put outside is left out of the call that carried it; the page number says where the text is. */
function pagedOut(call: ToolCall): ToolCall {
  if (call.name !== 'page_out') return call
  const { content, ...rest } = jsonObject(call.arguments) ?? {}
  if (typeof content !== 'string' || content.length <= pageHeadCharacters) return call
  return { ...call, arguments: JSON.stringify({ content: `${beginningOf(content, pageHeadCharacters)}… [paged out: ${content.length} characters]`, ...rest }) }
}

function shortened(text: string, room: number): string {
  if (text.length <= room) return text
  return `${beginningOf(text, room)}… [cut here: ${text.length - room} more characters are in recall memory]`
}

function givenOf({ origin, message }: Given, room: number, turn: TurnOfMessage): Given {
  const kept = message === undefined ? undefined : givenWithin(message, room, turn)
  return { origin, ...(kept !== undefined && { message: kept }) }
}

/** Arguments stay JSON where they are too long: other endpoints refuse anything else. */
function shortenedCall({ id, name, arguments: written, given }: ToolCall, room: number, turn: TurnOfMessage): ToolCall {
  const kept = given === undefined ? undefined : givenWithin(given, room, turn)
  const fits = written.length <= room && isJson(written)
  return { id, name, arguments: fits ? written : JSON.stringify({ cut: shortened(written, room) }), ...(kept !== undefined && { given: kept }) }
}

function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ')
}
