import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModelDelta } from '../../src/model/model.ts'
import { callsInDeltas } from '../../src/model/text-tools/call-deltas.ts'
import { thinkingTags } from '../../src/model/thinking.ts'

function read(pieces: readonly string[]): { readonly text: string; readonly thinking: string; readonly calls: readonly { name: string; arguments: string }[] } {
  let text = ''
  let thinking = ''
  const calls: { name: string; arguments: string }[] = []
  const take = callsInDeltas((delta: ModelDelta) => {
    if (delta.type === 'text') text += delta.text
    if (delta.type === 'thinking') thinking += delta.text
    if (delta.type !== 'call') return
    const call = (calls[delta.index] ??= { name: '', arguments: '' })
    call.name += delta.name ?? ''
    call.arguments += delta.arguments
  })
  for (const piece of pieces) take({ type: 'text', text: piece })
  return { text, thinking, calls }
}

const written = 'I will greet her.\nAnd look {it} up.\n\n{"name": "search", "arguments": {"query": "a \\"}\\" {", "deep": {"x": [1]}}}\n{"name":"send_message","parameters":{"message":"Hi\\nAda"}}\nDone.'

const cutAt = (text: string, places: readonly number[]): string[] => {
  const ends = [...places, text.length].sort((one, other) => one - other)
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end))
}

describe('calls in a text that is being written', () => {
  test('are told with their arguments, and the text around them, however it is cut [live:text]', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: written.length })), (places) => {
        expect(read(cutAt(written, places))).toEqual({
          thinking: '',
          text: 'I will greet her.\nAnd look {it} up.\n\nDone.',
          calls: [
            { name: 'search', arguments: '{"query": "a \\"}\\" {", "deep": {"x": [1]}}' },
            { name: 'send_message', arguments: '{"message":"Hi\\nAda"}' },
          ],
        })
      }),
    )
  })

  test.each(thinkingTags)('that are drafted in its thinking are none, however it is cut: %s [live:text]', (opening, closing) => {
    const drafted = 'I could say < this:\n{"name": "send_message", "arguments": {"message": "No"}}\nBetter not.'
    const text = `\n${opening}${drafted}${closing}\n{"name": "send_message", "arguments": {"message": "Yes"}}\n${opening} is a tag.`
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (places) => {
        expect(read(cutAt(text, places))).toMatchObject({ thinking: drafted, calls: [{ name: 'send_message', arguments: '{"message": "Yes"}' }] })
      }),
    )
    expect(read([`${opening}${drafted}`])).toEqual({ text: '', thinking: drafted, calls: [] })
    expect(read([`{"name": "search", "arguments": {}}\n${opening}x\nWell.`])).toMatchObject({ thinking: '', calls: [{ name: 'search' }] })
  })

  test("of gpt-oss' own form are left to the reply, and so is what stands behind its thoughts, however it is cut [live:text]", () => {
    const text = '<|channel|>analysis<|message|>Of tea,\nand cake.<|end|><|start|>assistant<|channel|>commentary to=functions.search<|message|>{\n"query": "y"\n}<|call|>\nx'
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (places) => {
        expect(read(cutAt(text, places))).toEqual({ text: '', thinking: 'Of tea,\nand cake.', calls: [] })
      }),
    )
    expect(read(['<|start|>assistant<|channel|>final<|message|>Hello\nAda'])).toEqual({ text: '', thinking: '', calls: [] })
    const explained = 'A list:\nIt has marks.\n<|start|> begins a message.\n{"name":"send_message","arguments":{"message":"Hi"}}'
    for (const pieces of [[explained], explained.split(/(?=.)/s)]) expect(read(pieces)).toEqual({ text: 'A list:\nIt has marks.', thinking: '', calls: [{ name: 'send_message', arguments: '{"message":"Hi"}' }] })
  })

  test('of other forms, and what only looks like one, are left to the reply [live:text]', () => {
    expect(read(['<tool_call>\n{"tool": "x"}\n', '```json\n', '[1]\nWell.'])).toEqual({ text: 'Well.', thinking: '', calls: [] })
  })
})
