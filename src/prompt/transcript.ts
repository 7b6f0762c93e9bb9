import type { StoredMessage } from '../protocol/messages.ts'
import { beginningOf } from '../protocol/well-formed.ts'

/** A message as a line of a transcript, for a model that reads of the conversation and does not take part in it; none where nothing in it says anything. */
export function transcriptLines({ role, text, at, kind, calls, reply, toolName }: StoredMessage): string[] {
  const time = at.slice(0, 16).replace('T', ' ')
  const line = (who: string, what: string): string[] => (what.trim() === '' ? [] : [`${time} ${who}: ${beginningOf(what.replaceAll(/\s+/g, ' '), 2_000)}`])
  switch (role) {
    case 'user':
      return line('user', text)
    case 'system':
      return kind === 'memory-pressure' ? [] : line('system', text)
    case 'assistant':
      return line('agent called', (calls ?? []).filter(({ name }) => name !== 'send_message').map((call) => `${call.name}(${beginningOf(call.arguments, 500)})`).join(', '))
    case 'tool':
      return reply === undefined ? line(`result of ${toolName ?? 'a tool'}`, beginningOf(text, 500)) : line('agent', reply)
  }
}
