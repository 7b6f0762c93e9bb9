import type { ChatModel, ModelReply, ModelRequest } from '../../../src/model/model.ts'

export interface Inference {
  readonly request: ModelRequest
  readonly reply: ModelReply
}

/** The same model, and every inference that it made, in order. */
export function watched(model: ChatModel): ChatModel & { readonly inferences: readonly Inference[] } {
  const inferences: Inference[] = []
  return {
    inferences,
    complete: async (request, signal) => {
      const reply = await model.complete(request, signal)
      inferences.push({ request, reply })
      return reply
    },
  }
}
