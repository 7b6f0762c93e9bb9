import { countMessageTokens } from '../model/tokens.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import { renderMessage } from './render-message.ts'

/** The tokens of a message by which the workflow counts it: as long as its turn runs, and no less than afterwards. */
export function tokensOfMessage(message: StoredMessage, contextWindow: number): number {
  return countMessageTokens(renderMessage(message, contextWindow, 'running'))
}
