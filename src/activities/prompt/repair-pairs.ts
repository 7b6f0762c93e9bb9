import type { ChatMessage } from '../../model/model.ts'

/**
 * Every call has exactly one result, right after it. The runtime keeps that so; this mends what damage from elsewhere (an
 * import, a restored store) has left, because one call without its result makes providers refuse every later request.
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
      // One of them: damage may have given two calls the same id.
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
