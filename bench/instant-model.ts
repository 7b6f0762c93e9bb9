import type { ChatModel } from '../src/model/model.ts'

/** Answers at once with the same short message: what is timed around it is all ours. */
export function instantModel(text = 'Noted.'): ChatModel {
  const call = { name: 'send_message', arguments: JSON.stringify({ message: text, request_heartbeat: false }) }
  let calls = 0
  return {
    complete: async () => {
      calls += 1
      return { text: '', toolCalls: [{ id: `call-${calls}`, ...call }], finishReason: 'tool-calls' }
    },
  }
}
