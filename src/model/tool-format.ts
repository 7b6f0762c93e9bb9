import { around } from './around.ts'
import { saysFormTaken } from './form-taken.ts'
import { ModelError } from './model-error.ts'
import type { ChatModel } from './model.ts'
import { saysToolsRefused } from './tools-refused.ts'
import { callsInDeltas } from './text-tools/call-deltas.ts'
import { textTools, withCallsOfText } from './text-tools/text-tools.ts'

/** How a model is told of its tools: by the protocol's tool calls, or as text with JSON for an answer. */
export type ToolFormat = 'auto' | 'native' | 'text'

/**
 * Wraps a model so that it gets its tools in this format. `auto`: the protocol's tool calls until the endpoint refuses them for a model.
 * Then the refused request is sent again as text, and if that is not refused too, the model gets text from then on, as long as this process lives. If an endpoint answers a
 * native request with calls in the text, they are read from the text; words of a text that name a tool that is not offered are no call.
 */
export function withToolFormat(model: ChatModel, format: ToolFormat): ChatModel {
  const text = textTools(model)
  const refused = new Set<string>()
  const asText = (name: string): boolean => format === 'text' || refused.has(name)
  return around(model, {
    async complete(request, signal, onDelta) {
      if (asText(request.model)) return text.complete(request, signal, onDelta)
      try {
        return withCallsOfText(await model.complete(request, signal, onDelta && callsInDeltas(onDelta)), request, { unknownTools: false })
      } catch (error) {
        if (request.tools.length === 0 || !ModelError.isInstance(error) || !saysToolsRefused(error)) throw error
        if (format === 'native') throw withAdvice(error)
        const keep = (): unknown => refused.add(request.model)
        return text.complete(request, signal, onDelta).then(
          (reply) => (keep(), reply),
          (failure: unknown) => {
            if (saysFormTaken(failure)) keep()
            throw failure
          },
        )
      }
    },
    toolsTokens: (name, tools) => (asText(name) ? text.toolsTokens?.(name, tools) : undefined),
  })
}

/** The refusal as an error that is not retried, whatever its status was, since the same request would be refused again. */
function withAdvice(error: ModelError): ModelError {
  return new ModelError('bad-request', `${error.message}; set PERDURE_TOOL_FORMAT to auto or text for a model without tool calls`, { status: error.status })
}
