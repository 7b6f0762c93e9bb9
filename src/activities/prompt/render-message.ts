import type { ChatMessage } from '../../model/model.ts'
import { countMessageTokens } from '../../model/tokens.ts'
import { isJson } from '../../protocol/json.ts'
import type { StoredMessage, ToolCall } from '../../protocol/messages.ts'

/** Share of the window that one message may take in a prompt; the rest of it is cut there, and kept whole in recall. */
const messageShare = 0.2
/** Cautious for any language: a message cut by it is well within the share. */
const charactersPerToken = 3
/** Characters of a page that was paged out which stay in view, so that the model recognises the page. */
const pageHeadCharacters = 80

/** A stored message as the model sees it. Always the same for the same message and window, so that prefixes stay common. */
export function renderMessage(message: StoredMessage, contextWindow: number): ChatMessage {
  const room = Math.floor(contextWindow * messageShare * charactersPerToken)
  switch (message.role) {
    case 'assistant':
      return { role: 'assistant', content: shortened(message.text, room), toolCalls: (message.calls ?? []).map((call) => shortenedCall(pagedOut(call), room)) }
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

/** The tokens of a message by which the workflow counts it. */
export function tokensOfMessage(message: StoredMessage, contextWindow: number): number {
  return countMessageTokens(renderMessage(message, contextWindow))
}

/** The text that `page_out` has put outside is left out of the call that carried it; the page number says where the text is. */
function pagedOut(call: ToolCall): ToolCall {
  if (call.name !== 'page_out') return call
  try {
    const { content, ...rest } = JSON.parse(call.arguments) as { content?: unknown }
    if (typeof content !== 'string' || content.length <= pageHeadCharacters) return call
    return { ...call, arguments: JSON.stringify({ content: `${content.slice(0, pageHeadCharacters)}… [paged out: ${content.length} characters]`, ...rest }) }
  } catch {
    return call
  }
}

function shortened(text: string, room: number): string {
  if (text.length <= room) return text
  return `${text.slice(0, room)}… [cut here: ${text.length - room} more characters are in recall memory]`
}

/** Arguments stay JSON where they are too long: other endpoints refuse anything else. */
function shortenedCall(call: ToolCall, room: number): ToolCall {
  if (call.arguments.length <= room && isJson(call.arguments)) return call
  return { ...call, arguments: JSON.stringify({ cut: shortened(call.arguments, room) }) }
}

function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ')
}
