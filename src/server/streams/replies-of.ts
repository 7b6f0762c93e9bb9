import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'

/**
 * Of a turn's events what whoever may speak to the agent is told, without a right to read its memory: how the turn goes, and its replies.
 * Thoughts, calls with their arguments, and what tools have found are left out.
 */
export async function* repliesOf(events: AsyncIterable<TurnEvent>): AsyncIterable<TurnEvent> {
  for await (const event of events) {
    if (event.type === 'message') {
      const { reply } = event.message
      if (reply !== undefined) yield { ...event, message: replyAlone({ ...event.message, reply }) }
    } else if (event.type !== 'memory' && !(event.type === 'delta' && event.kind !== 'text')) yield event
  }
}

/** Field by field: what a message has besides is not told by accident. */
function replyAlone({ agentId, op, seq, turn, step, role, callId, toolName, ok, reply, tokens, at }: StoredMessage & { readonly reply: string }): StoredMessage {
  return { agentId, op, seq, turn, step, role, text: '', ...(callId !== undefined && { callId }), ...(toolName !== undefined && { toolName }), ...(ok !== undefined && { ok }), reply, tokens, at }
}
