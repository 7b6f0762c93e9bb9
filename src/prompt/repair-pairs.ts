import type { ChatMessage } from '../model/model.ts'

/**
 * Gives every call exactly one result, right after it. The runtime keeps it that way; this mends damage from elsewhere (an import, a
 * restored store), because one call without its result makes providers refuse every later request.
 */
export function repairPairs(messages: readonly ChatMessage[]): ChatMessage[] {
  const repaired: ChatMessage[] = []
  let unanswered: string[] = []
  const answerTheRest = (): void => {
    for (const toolCallId of unanswered) repaired.push({ role: 'tool', toolCallId, content: JSON.stringify({ status: 'error', message: 'outcome unknown' }) })
    unanswered = []
  }
  for (const message of messages) {
    if (message.role === 'tool') {
      const answered = unanswered.indexOf(message.toolCallId)
      if (answered < 0) continue
      // Take away one only: damage may have given two calls the same id.
      unanswered.splice(answered, 1)
      repaired.push(message)
      continue
    }
    answerTheRest()
    repaired.push(message)
    if (message.role === 'assistant') unanswered = message.toolCalls.map(({ id }) => id)
  }
  answerTheRest()
  return repaired
}
