import type { ModelDelta, ModelReply } from './model.ts'

/** A whole reply as deltas of about a word each. */
export function* deltasOf(reply: ModelReply): Generator<ModelDelta> {
  for (const text of pieces(reply.thinking ?? '')) yield { type: 'thinking', text }
  for (const text of pieces(reply.text)) yield { type: 'text', text }
  for (const [index, { id, name, arguments: written }] of reply.toolCalls.entries()) {
    yield { type: 'call', index, id, name, arguments: '' }
    for (const piece of pieces(written)) yield { type: 'call', index, arguments: piece }
  }
}

/** About a word each; together the text again. */
function pieces(text: string): readonly string[] {
  return text.match(/\s*\S{1,24}\s*$|\s*\S{1,24}|\s+$/gu) ?? []
}
