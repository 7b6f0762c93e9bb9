import type { ChatMessage } from '../../model/model.ts'

/**
 * Every call has exactly one result, right after it. The runtime keeps that so; this mends what damage from elsewhere (an
 * import, a restored store) has left, because one call without its result makes providers refuse every later request.
 */
export function repairPairs(messages: readonly ChatMessage[]): ChatMessage[] {
  const repaired: ChatMessage[] = []
  let open: string[] = []
  const closeOpen = (): void => {
    for (const toolCallId of open) repaired.push({ role: 'tool', toolCallId, content: JSON.stringify({ status: 'error', message: 'outcome unknown' }) })
    open = []
  }
  for (const message of messages) {
    if (message.role === 'tool') {
      const answered = open.indexOf(message.toolCallId)
      if (answered < 0) continue
      // One of them: damage may have given two calls the same id.
      open.splice(answered, 1)
      repaired.push(message)
      continue
    }
    closeOpen()
    repaired.push(message)
    if (message.role === 'assistant') open = message.toolCalls.map(({ id }) => id)
  }
  closeOpen()
  return repaired
}
