import type { ModelReply } from '../model/model.ts'
import { limits } from '../protocol/limits.ts'
import type { ToolCall } from '../protocol/messages.ts'
import { beginningOf, wellFormed } from '../protocol/well-formed.ts'

/** No tool has a longer name. A call with a longer id gets a new one. */
const nameCharacters = 128
const idCharacters = 256

/**
 * A model's reply, bounded: a stored message has to fit into a document of the store, and the names of its calls into a history. The text
 * tells the model what was left out or cut.
 */
export function boundedReply({ text, toolCalls, ...reply }: ModelReply): ModelReply {
  const calls = toolCalls.slice(0, limits.callsPerStep)
  const leftOut = toolCalls.length - calls.length
  const note = leftOut > 0 ? `[${leftOut} more calls were left out: a step may have ${limits.callsPerStep}]` : ''
  return { ...reply, text: [bounded(text), note].filter((part) => part !== '').join('\n'), toolCalls: calls.map(boundedCall) }
}

/** Why the model's answer ended before it was whole. */
export function endedBy({ finishReason }: Pick<ModelReply, 'finishReason'>): { readonly ended?: 'cut' | 'filtered' } {
  return finishReason === 'length' || finishReason === 'filtered' ? { ended: finishReason === 'length' ? 'cut' : 'filtered' } : {}
}

function bounded(text: string): string {
  const most = limits.modelTextCharacters
  return text.length <= most ? wellFormed(text) : `${wellFormed(beginningOf(text, most))}… [cut here: the text had ${text.length} characters]`
}

/**
 * Arguments that are too long are cut to one byte above the limit, so that reading the call still refuses them. A call with an empty id
 * gets a new one.
 */
function boundedCall({ id, name, arguments: written, ...rest }: ToolCall): ToolCall {
  return { ...rest, id: id.length <= idCharacters ? wellFormed(id) : '', name: wellFormed(name.slice(0, nameCharacters)), arguments: wellFormed(written.slice(0, limits.toolArgumentsBytes + 1)) }
}
