import { madeUpCallId } from '../model/call-id.ts'
import { deltasOf } from '../model/deltas.ts'
import type { ChatModel, ModelReply, ModelRequest } from '../model/model.ts'
import { decide } from './decide.ts'
import { situationOf } from './situation.ts'
import { summarise } from './summarise.ts'
import { usageMeter } from './usage.ts'
import { viewOf } from './view.ts'

export { simulatedEmbedder } from './embedder.ts'
export const simulatedModelName = 'perdure-simulated'

/**
 * A stand-in for a language model, made of rules. It keeps facts in core memory and notes in archival memory, searches for what its prompt
 * does not hold, saves facts under memory pressure and writes summaries. It sees what a model would see, needs no network, and gives the
 * same reply to the same request (only the cached tokens that it reports depend on the request before). It understands simple English
 * sentences and nothing else.
 */
export function simulatedModel(): ChatModel {
  const usageOf = usageMeter()
  return {
    async complete(request, signal, onDelta) {
      signal.throwIfAborted()
      const reply = request.tools.length === 0 ? summaryReply(request) : stepReply(request)
      if (onDelta !== undefined) for (const delta of deltasOf(reply)) onDelta(delta)
      return { ...reply, usage: usageOf(request, reply) }
    },
  }
}

function summaryReply(request: ModelRequest): ModelReply {
  return { text: summarise(request), toolCalls: [], finishReason: 'stop' }
}

function stepReply(request: ModelRequest): ModelReply {
  const { thoughts, calls } = decide(situationOf(viewOf(request)))
  const toolCalls = calls.map(({ name, args, heartbeat }, index) => {
    const call = { name, arguments: JSON.stringify({ ...args, request_heartbeat: heartbeat }) }
    return { id: madeUpCallId({ conversationLength: request.messages.length, index }, call), ...call }
  })
  return { text: thoughts, toolCalls, finishReason: toolCalls.length === 0 ? 'stop' : 'tool-calls' }
}
