import { describe, expect, test } from 'vitest'
import { assertChanges, type AgentChanges } from '../../src/definition/agent-changes.ts'
import { changeInput } from '../../src/definition/change-input.ts'
import { compareDefinitions } from '../../src/definition/compare-definitions.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import type { FormerBlocks } from '../../src/definition/former-blocks.ts'
import { inputOf } from '../../src/definition/input-of.ts'
import { freeBlockId } from '../../src/protocol/block-id.ts'
import type { Sampling } from '../../src/protocol/sampling.ts'

const sampling: Sampling = { temperature: 0.2, seed: 7, extra: { top_k: 40 } }
const present = defineAgent({ id: 'ada', sampling })
const changed = async (changes: unknown) => defineAgent(await changeInput('ada', inputOf('ada', present), assertChanges(changes)), 'ada')

describe('a change of sampling', () => {
  test.each<[string, AgentChanges, Sampling | undefined]>([
    ['takes away the setting that is null', { sampling: { temperature: null } }, { seed: 7, extra: { top_k: 40 } }],
    ['takes away further fields as a whole', { sampling: { extra: null } }, { temperature: 0.2, seed: 7 }],
    ['leaves what is not said, or undefined', { sampling: { seed: undefined, topP: 0.5 } }, { ...sampling, topP: 0.5 }],
    ['leaves all where it is undefined itself', { sampling: undefined, model: 'another' }, sampling],
    ['takes away nothing where the setting is not there', { sampling: { topP: null } }, sampling],
    ['takes away all where it is null itself', { sampling: null }, undefined],
    ['takes away the whole with its last setting', { sampling: { temperature: null, seed: null, extra: null } }, undefined],
  ])('%s [model:sampling definition:living]', async (_what, changes, left) => {
    const definition = await changed(changes)
    expect(definition.sampling).toEqual(left)
    expect('sampling' in definition).toBe(left !== undefined)
  })

  test.each<[unknown, RegExp]>([
    [{ sampling: { temprature: 1 } }, /sampling: has no field "temprature" \(did you mean temperature\?\)$/],
    [{ sampling: { mirostat: 1, topp: 1 } }, /sampling: has no field "mirostat", "topp" \(did you mean topP\?\); the fields are temperature, topP, .*, extra$/],
    [{ sampling: { temperature: 'hot' } }, /sampling\.temperature: /],
    [{ mdel: 'm' }, /changes: has no field "mdel" \(did you mean model\?\)$/],
  ])('is refused with the field that there is not, and what would be one: %j [definition:living]', async (changes, message) => {
    await expect(changed(changes)).rejects.toThrow(message)
  })

  test('is refused in few words, whatever the fields are called [definition:living]', async () => {
    const hostile = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}${'x'.repeat(10_000)}`, 1]))
    await expect(changed({ sampling: hostile })).rejects.toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(/^.{1,1000}$/) as string }))
  })
})

describe('a block', () => {
  const named = async (blocks: AgentChanges['blocks'], before = present) => (await changeInput('ada', inputOf('ada', before), assertChanges({ blocks }))).blocks.map(({ label, blockId }) => `${label} ${blockId}`)
  const after = async (blocks: AgentChanges['blocks'], before = present) => defineAgent(await changeInput('ada', inputOf('ada', before), assertChanges({ blocks })), 'ada')

  test('that is renamed keeps its place and its id, also under its first label again [definition:living core:blocks]', async () => {
    const renamed = await after({ human: { label: 'person', limit: 9 } })
    expect(renamed.blocks.map(({ label, blockId, limit }) => [label, blockId, limit])).toEqual([['persona', 'ada/persona', 2_000], ['person', 'ada/human', 9]])
    expect(await named({ person: { label: 'human' } }, renamed)).toEqual(['persona ada/persona', 'human ada/human'])
    expect(await named({ persona: { label: 'human' }, human: { label: 'persona' } })).toEqual(['human ada/persona', 'persona ada/human'])
    expect(await named({ persona: { label: 'human' }, human: null })).toEqual(['human ada/persona'])
    expect(await named({ human: { label: 'human' } })).toEqual(await named({ human: {} }))
  })

  test('may have the label that another one had, and is another one all the same [definition:living core:blocks]', async () => {
    const renamed = await after({ human: { label: 'person' } })
    const both = await after({ human: { shared: true } }, renamed)
    expect(both.blocks.map(({ label, blockId, shared }) => [label, blockId, shared])).toEqual([['persona', 'ada/persona', undefined], ['person', 'ada/human', undefined], ['human', 'ada/human 2', true]])
    expect(await named({ human: { label: 'second' }, third: {} }, both)).toEqual(['persona ada/persona', 'person ada/human', 'second ada/human 2', 'third ada/third'])
    expect((await named({ human: {} }, await after({ human: { label: 'second' } }, both))).at(-1)).toBe('human ada/human 3')
  })

  test('that was detached is attached again under any label by its id [definition:living core:blocks]', async () => {
    expect(await named({ visitor: { blockId: 'ada/human' } }, await after({ human: null }))).toEqual(['persona ada/persona', 'visitor ada/human'])
  })

  test('that was detached comes back under the label that it last had, and no other one does [definition:living core:blocks]', async () => {
    const renamed = await after({ human: { label: 'former' } })
    const both = await after({ human: { value: 'Ben' } }, renamed)
    const none = await after({ former: null, human: null }, both)
    const back = async (blocks: AgentChanges['blocks'], { blocks: left }: typeof present) => {
      const former: FormerBlocks = {
        byId: async (id) => left.find(({ blockId }) => blockId === id),
        byLabel: async (of, except) => left.find(({ label, blockId }) => label === of && !except.includes(blockId)),
      }
      return (await changeInput('ada', inputOf('ada', none), assertChanges({ blocks }), former)).blocks.slice(1).map(({ label, blockId, value }) => [label, blockId, value])
    }
    expect((await named({ former: null, human: { value: 'Ben' } }, renamed)).at(-1)).toBe('human ada/human 2')
    expect(await back({ human: {} }, renamed)).toEqual([['human', 'ada/human 2', undefined]])
    expect(await back({ human: {}, former: {} }, both)).toEqual([['human', 'ada/human 2', 'Ben'], ['former', 'ada/human', '']])
    expect(await back({ human: { blockId: 'ada/human' } }, both)).toEqual([['human', 'ada/human', '']])
    // Once: by its id and by its label it would be one block under two labels.
    expect(await back({ visitor: { blockId: 'ada/human 2' }, human: {} }, both)).toEqual([['visitor', 'ada/human 2', 'Ben'], ['human', 'ada/human 3', undefined]])
    await expect(back({ human: {}, visitor: { blockId: 'ada/human 2' } }, both)).rejects.toThrow(/blocks\.visitor\.blockId is that of the agent's block human/)
  })

  test.each<[string, AgentChanges['blocks'], string, RegExp]>([
    ['to a label that is taken', { human: { label: 'persona' } }, 'block-label-taken', /blocks\.persona would be two blocks: choose another label/],
    ['to the label of a new block', { human: { label: 'notes' }, notes: {} }, 'block-label-taken', /blocks\.notes would be two/],
    ['where there is none', { visitor: { label: 'person' } }, 'block-unknown', /blocks\.visitor can't be renamed: there is no such block; the agent has persona, human/],
    ['to what every object has', { human: { label: '__proto__' } }, 'invalid-argument', /blocks\.human\.label: __proto__ can't be a label/],
    ['under what every object has', JSON.parse('{ "__proto__": { "label": "human" } }') as AgentChanges['blocks'], 'invalid-argument', /blocks\.__proto__: __proto__ can't be a label/],
    ['to what is no label', { human: { label: 'two words' } }, 'invalid-argument', /blocks\.human\.label: has no white space/],
    ['by naming its id under another label', { person: { blockId: 'ada/human' } }, 'invalid-argument', /to rename that one, say blocks\.human\.label; for a new block leave blockId out/],
  ])('is not renamed %s [definition:living core:blocks]', async (_, blocks, code, message) => {
    await expect(named(blocks)).rejects.toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error)
  })

  test('that was renamed differs in its label, and one that took its label is new [definition:living]', async () => {
    const renamed = await after({ human: { label: 'person', limit: 9 } })
    expect(compareDefinitions('ada', present, renamed)).toEqual([{ field: 'blocks.human.label', before: 'human', after: 'person' }, { field: 'blocks.human.limit', before: 2_000, after: 9 }])
    const both = await after({ human: { description: 'new' } }, renamed)
    expect(compareDefinitions('ada', renamed, both)).toMatchObject([{ field: 'blocks.human', before: undefined, after: { description: 'new' } }])
    expect(compareDefinitions('ada', present, both).map(({ field }) => field)).toEqual(['blocks.human.label', 'blocks.human.limit', 'blocks.human'])
    expect(compareDefinitions('ada', both, renamed)).toMatchObject([{ field: 'blocks.human', after: undefined }])
  })
})

test('an id that is free is found in few steps, however many blocks of the label there were [definition:living core:blocks]', async () => {
  for (const taken of [0, 1, 2, 3, 7, 8, 10_000]) {
    const asked: string[] = []
    const free = await freeBlockId('ada', 'human', async (id) => {
      asked.push(id)
      return id === 'ada/human' ? taken > 0 : Number(id.replace('ada/human ', '')) <= taken
    })
    expect(free).toBe(taken === 0 ? 'ada/human' : `ada/human ${taken + 1}`)
    expect(asked.length).toBeLessThanOrEqual(2 + 2 * Math.log2(taken + 1))
  }
})

test('a creation is refused with the field that there is not, too [definition:living]', () => {
  expect(() => defineAgent({ id: 'ada', sampling: { temprature: 1 } as Sampling })).toThrow(/sampling: has no field "temprature" \(did you mean temperature\?\)$/)
})
