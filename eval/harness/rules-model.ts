import type { ChatModel, ModelReply, ModelRequest } from '../../src/model/model.ts'
import { situationOf, type Situation } from '../../src/simulated/situation.ts'
import { viewOf } from '../../src/simulated/view.ts'
import { countMessageTokens, countTokens, countToolsTokens } from '../../src/model/tokens.ts'

export type RuleCall = readonly [name: string, args: Readonly<Record<string, unknown>>]

/** A rule in the place of a language model: it sees the prompt that a model would see, and makes one call, or none. */
export function rulesModel(decide: (situation: Situation) => RuleCall | undefined): ChatModel {
  return {
    complete: async (request, signal) => {
      signal.throwIfAborted()
      return replyTo(request, decide(situationOf(viewOf(request))))
    },
  }
}

export const say = (message: string): RuleCall => ['send_message', { message }]

function replyTo(request: ModelRequest, call: RuleCall | undefined): ModelReply {
  const toolCalls = call === undefined ? [] : [{ id: `call-${request.messages.length}`, name: call[0], arguments: JSON.stringify(call[1]) }]
  const promptTokens = request.messages.reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(request.tools))
  const completionTokens = countTokens(JSON.stringify(toolCalls))
  return { text: '', toolCalls, finishReason: 'tool-calls', usage: { promptTokens, cachedTokens: 0, completionTokens } }
}
