import { describe, expect, test } from 'vitest'
import { renderCoreMemory } from '../../src/prompt/core-memory.ts'
import { passageTags } from '../../src/client/assert-passage.ts'
import { blockOf } from '../../src/client/write-block.ts'
import { inputOf } from '../../src/definition/input-of.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { blocksIn } from '../../src/simulated/blocks.ts'

describe('what people are told of an agent', () => {
  test('is kept as it was given, each tag once, and nothing where nothing is said [definition:living]', () => {
    const told = { name: 'Ada L.', description: 'Keeps the log.', tags: ['log', 'boats', 'log'], metadata: { owner: { team: 7 }, 'a.b': ['$x'] } }
    expect(defineAgent({ id: 'ada', ...told })).toMatchObject({ ...told, tags: ['log', 'boats'] })
    expect(Object.keys(defineAgent({ id: 'ada', description: '', tags: [], metadata: {} }))).toEqual(Object.keys(defineAgent({ id: 'ada' })))
  })

  const deep = (levels: number): Record<string, unknown> => (levels === 0 ? {} : { in: deep(levels - 1) })
  test.each([
    ['an empty name', { name: ' ' }, /name: is not empty/],
    ['a name of two lines', { name: 'a\nb' }, /name: has no line breaks/],
    ['a tag that is too long', { tags: ['x'.repeat(101)] }, /tags\.0: /],
    ['a temperature below 0', { sampling: { temperature: -1 } }, /sampling.temperature: /],
    ['a field of the request that Perdure fills', { sampling: { extra: { tools: [] } } }, /sampling.extra: can't have the field tools, which Perdure fills by itself/],
    ['metadata that is a list', { metadata: [] as never }, /metadata: is a JSON object/],
    ['metadata that is too large', { metadata: { text: 'x'.repeat(20_000) } }, /metadata: has 20011 bytes as JSON, the limit is 16384/],
    ['metadata without a bottom', { metadata: deep(5_000) }, /metadata: has more than 20 objects and lists in one another/],
    ['metadata with a NUL', { metadata: { 'a\0': 1 } }, /metadata: holds a NUL/],
    ['metadata that JSON has no form for', { metadata: { big: 1n } }, /metadata: holds what JSON has no form for/],
  ])('%s is refused by its field [definition:living]', (_, field, message) => {
    expect(() => defineAgent({ id: 'ada', ...field })).toThrow(message)
  })
})

describe('labels and tags that look the same', () => {
  const [composed, parted] = ['caf\u00e9', 'cafe\u0301']

  test('are one, in whichever form they were typed [definition:living]', () => {
    const definition = defineAgent({ id: 'ada', tags: [composed, parted], blocks: [{ label: parted, value: '' }] })
    expect([definition.tags, definition.blocks[0]?.label, definition.blocks[0]?.blockId]).toEqual([[composed], composed, `ada/${composed}`])
    expect(() => defineAgent({ id: 'ada', blocks: [composed, parted].map((label) => ({ label, value: '' })) })).toThrow(/two blocks have the same label/)
    expect(blockOf('ada', definition.blocks, parted)).toBe(definition.blocks[0])
  })

  test('keep the block of a label that was stored in the other form [definition:living]', () => {
    const definition = defineAgent({ id: 'ada', blocks: [{ label: composed, value: '' }] })
    const stored = { ...definition, blocks: definition.blocks.map((block) => ({ ...block, label: parted, blockId: `ada/${parted}` })) }
    expect(defineAgent(inputOf('ada', stored), 'ada').blocks).toMatchObject([{ label: composed, blockId: `ada/${parted}` }])
    expect(blockOf('ada', stored.blocks, composed)).toBe(stored.blocks[0])
    expect(passageTags([composed, parted])).toEqual([composed])
  })
})

describe('labels of blocks', () => {
  const labelled = (label: string) => defineAgent({ id: 'ada', blocks: [{ label }] }).blocks[0]

  test.each(['system/human/family', 'Ideen_für-später', '記憶', 'a"b&c<d>', 'constructor', 'prototype', 'x'.repeat(100)])('may be %s, and a model reads it as it is [definition:living]', (label) => {
    const block = labelled(label)
    expect(block).toMatchObject({ label, blockId: `ada/${label}` })
    if (block === undefined) throw new Error('no block')
    expect(blocksIn(renderCoreMemory([{ definition: block, version: 1, value: 'v' }]))).toMatchObject([{ label, value: 'v' }])
  })

  test.each(['', 'two words', 'a\tb', 'a\u0000b', 'a\u00a0b', '\ud800', '__proto__', 'x'.repeat(101)])('may not be %j [definition:living]', (label) => {
    expect(() => labelled(label)).toThrow(/blocks\.0\.label: /)
  })
})
