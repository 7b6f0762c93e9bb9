import type { ModelRequest } from '../src/model/model.ts'
import { countMessageTokens, countToolsTokens, countTokens } from '../src/model/tokens.ts'

export interface CommonPrefix {
  readonly tokens: number
  /** Of the later prompt's tokens, from 0 to 1. */
  readonly share: number
  /** Messages of the earlier prompt that stand unchanged at the head of the later one. */
  readonly messages: number
}

/**
 * What two prompts have in common from their beginning, as a provider's cache sees it: the tools, then message by message, and
 * of the first message that differs its text up to the difference.
 */
export function commonPrefix(earlier: ModelRequest, later: ModelRequest): CommonPrefix {
  const total = later.messages.reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(later.tools))
  if (JSON.stringify(earlier.tools) !== JSON.stringify(later.tools)) return { tokens: 0, share: 0, messages: 0 }
  const differing = later.messages.findIndex((message, index) => JSON.stringify(message) !== JSON.stringify(earlier.messages[index]))
  const messages = differing < 0 ? later.messages.length : differing
  const whole = later.messages.slice(0, messages).reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(later.tools))
  const tokens = whole + countTokens(commonText(earlier.messages[messages]?.content ?? '', later.messages[messages]?.content ?? ''))
  return { tokens, share: total === 0 ? 0 : tokens / total, messages }
}

function commonText(left: string, right: string): string {
  let length = 0
  while (length < left.length && left[length] === right[length]) length += 1
  return left.slice(0, length)
}
