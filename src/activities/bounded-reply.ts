import type { ModelReply } from '../model/model.ts'
import { limits } from '../protocol/limits.ts'
import type { ToolCall } from '../protocol/messages.ts'
import { wellFormed } from '../protocol/well-formed.ts'

/** A name that is longer is no tool's, and an id that is longer is given anew. */
const nameCharacters = 128
const idCharacters = 256

/**
 * What of a model's reply is kept, however much it wrote: a stored message has to fit a document, and the names of its calls a history.
 * What is left out or cut is said where the model reads it.
 */
export function boundedReply({ text, toolCalls, ...reply }: ModelReply): ModelReply {
  const calls = toolCalls.slice(0, limits.callsPerStep)
  const leftOut = toolCalls.length - calls.length
  const note = leftOut > 0 ? `[${leftOut} more calls were left out: a step may have ${limits.callsPerStep}]` : ''
  return { ...reply, text: [bounded(text), note].filter((part) => part !== '').join('\n'), toolCalls: calls.map(boundedCall) }
}

function bounded(text: string): string {
  const most = limits.modelTextCharacters
  return text.length <= most ? wellFormed(text) : `${wellFormed(text.slice(0, most))}… [cut here: the text had ${text.length} characters]`
}

/** Arguments that are too long stay so by one byte at least: reading the call refuses them. An empty id is given anew with the step's. */
function boundedCall({ id, name, arguments: written }: ToolCall): ToolCall {
  return { id: id.length <= idCharacters ? wellFormed(id) : '', name: wellFormed(name.slice(0, nameCharacters)), arguments: wellFormed(written.slice(0, limits.toolArgumentsBytes + 1)) }
}
