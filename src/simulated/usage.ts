import type { StepUsage } from '../protocol/messages.ts'
import type { ChatMessage, ModelReply, ModelRequest } from '../model/model.ts'
import { countReplyTokens, countRequestTokens, countTokens } from '../model/tokens.ts'

/**
 * Counts as a provider with a prefix cache would report. The cache is the one request before this one, of whichever agent:
 * with several agents at once, or after a restart, less is cached than a real provider would have.
 */
export function usageMeter(): (request: ModelRequest, reply: Omit<ModelReply, 'usage'>) => StepUsage {
  let previous: ModelRequest | undefined
  return (request, reply) => {
    const cachedTokens = previous === undefined ? 0 : cachedOf(previous, request)
    previous = request
    return { promptTokens: countRequestTokens(request), cachedTokens, completionTokens: countReplyTokens(reply) }
  }
}

function cachedOf(previous: ModelRequest, request: ModelRequest): number {
  if (JSON.stringify(previous.tools) !== JSON.stringify(request.tools)) return 0
  const differs = request.messages.findIndex((message, index) => JSON.stringify(message) !== JSON.stringify(previous.messages[index]))
  const same = differs < 0 ? request.messages.length : differs
  const whole = countRequestTokens({ messages: request.messages.slice(0, same), tools: request.tools })
  return whole + commonStart(previous.messages[same], request.messages[same])
}

function commonStart(left: ChatMessage | undefined, right: ChatMessage | undefined): number {
  if (left === undefined || right?.role !== left.role) return 0
  let length = 0
  while (length < right.content.length && right.content.charCodeAt(length) === left.content.charCodeAt(length)) length += 1
  return countTokens(right.content.slice(0, length))
}
