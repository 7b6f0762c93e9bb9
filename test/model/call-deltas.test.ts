import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModelDelta } from '../../src/model/deltas.ts'
import { callsInDeltas } from '../../src/model/text-tools/call-deltas.ts'

function read(pieces: readonly string[]): { readonly text: string; readonly calls: readonly { name: string; arguments: string }[] } {
  let text = ''
  const calls: { name: string; arguments: string }[] = []
  const take = callsInDeltas((delta: ModelDelta) => {
    if (delta.type === 'text') text += delta.text
    if (delta.type !== 'call') return
    const call = (calls[delta.index] ??= { name: '', arguments: '' })
    call.name += delta.name ?? ''
    call.arguments += delta.arguments
  })
  for (const piece of pieces) take({ type: 'text', text: piece })
  return { text, calls }
}

const written = 'I will greet her.\nAnd look {it} up.\n\n{"name": "search", "arguments": {"query": "a \\"}\\" {", "deep": {"x": [1]}}}\n{"name":"send_message","parameters":{"message":"Hi\\nAda"}}\nDone.'

describe('calls in a text that is being written', () => {
  test('are told with their arguments, and the text around them, however it is cut [live:text]', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: written.length })), (places) => {
        const ends = [...places, written.length].sort((one, other) => one - other)
        expect(read(ends.map((end, index) => written.slice(ends[index - 1] ?? 0, end)))).toEqual({
          text: 'I will greet her.\nAnd look {it} up.\n\nDone.',
          calls: [
            { name: 'search', arguments: '{"query": "a \\"}\\" {", "deep": {"x": [1]}}' },
            { name: 'send_message', arguments: '{"message":"Hi\\nAda"}' },
          ],
        })
      }),
    )
  })

  test('of other forms, and what only looks like one, are left to the reply [live:text]', () => {
    expect(read(['<tool_call>\n{"tool": "x"}\n', '```json\n', '[1]\nWell.'])).toEqual({ text: 'Well.', calls: [] })
  })
})
