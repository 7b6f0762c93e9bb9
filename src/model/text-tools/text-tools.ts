import { around } from '../around.ts'
import { madeUpCallId } from '../call-id.ts'
import type { ChatModel, ModelReply, ModelRequest } from '../model.ts'
import { thinkingIn } from '../thinking.ts'
import { countTokens } from '../tokens.ts'
import { callsInDeltas } from './call-deltas.ts'
import { readCalls } from './read-calls.ts'
import { describeTools, renderConversation } from './render.ts'

/**
 * Wraps a model so that it is asked without the protocol's tool calls: the prompt describes the tools, and calls are read from the text of
 * the reply. Text beside the calls is inner thoughts. An attempt at a call that is no JSON becomes a call with that text as its arguments,
 * so that the model gets the error as its result. Where the guarantee ends: JSON nested deeper than 64 is no call.
 */
export function textTools(model: ChatModel): ChatModel {
  return around(model, {
    async complete(request, signal, onDelta) {
      const messages = renderConversation(request.messages, request.tools)
      const reply = await model.complete({ ...request, messages, tools: [] }, signal, onDelta && callsInDeltas(onDelta))
      return request.tools.length === 0 ? reply : withCallsOfText(reply, request, { unknownTools: true })
    },
    toolsTokens: (_, tools) => (tools.length === 0 ? 0 : countTokens(describeTools(tools))),
  })
}

/** The reply with the calls that are in its text. A reply that has calls already, or no call in its text, stays as it is. */
export function withCallsOfText(reply: ModelReply, request: ModelRequest, options: { readonly unknownTools: boolean }): ModelReply {
  if (reply.toolCalls.length > 0) return reply
  const { thinking, rest } = thinkingIn(reply.text)
  const thoughts = thinking || (reply.thinking ?? '')
  const { calls, text } = readCalls(rest, request.tools, options)
  if (calls.length === 0) return reply
  const conversationLength = request.messages.length
  return {
    ...reply,
    text: text || thoughts,
    toolCalls: calls.map((call, index) => ({ id: madeUpCallId({ conversationLength, index }, call), ...call })),
    finishReason: reply.finishReason === 'length' || reply.finishReason === 'filtered' ? reply.finishReason : 'tool-calls',
  }
}
