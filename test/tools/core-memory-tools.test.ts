import { describe, expect, test } from 'vitest'
import type { AgentDefinition } from '../../src/protocol/definition.ts'
import type { ToolContext } from '../../src/tools/tool.ts'
import { block, call, contextOf, definitionOf, freshAgentId, temporaryStores } from './context.ts'

const stores = await temporaryStores()

/** An agent whose block `human` has this value. */
function agent(value: string, more: Partial<AgentDefinition> = {}): { context: (turn?: number) => ToolContext; value: () => Promise<string | undefined> } {
  const id = freshAgentId()
  const definition = definitionOf(id, { blocks: [block(id, 'human', { value, limit: 60 }), block(id, 'rules', { readOnly: true })], ...more })
  return {
    context: (turn = 1) => contextOf(stores, definition, { turn }),
    value: async () => (await stores.memory.blocks.current(`${id}/human`))?.value,
  }
}

describe('core_memory_append', () => {
  test('adds a line and says how full the block is [core:append-replace]', async () => {
    const { context, value } = agent('Name: Bo')
    const { text } = await call(context(), 'core_memory_append', { label: 'human', content: 'Likes tea' })
    expect(text).toBe('Appended. Block "human" now has 18 of 60 characters.')
    expect(await value()).toBe('Name: Bo\nLikes tea')
  })

  test('finds a block by its label in the other form of Unicode [core:append-replace]', async () => {
    const id = freshAgentId()
    for (const [stored, named] of [['caf\u00e9', 'cafe\u0301'], ['bo\u0302', 'b\u00f4']] as const) {
      const { text } = await call(contextOf(stores, definitionOf(id, { blocks: [block(id, stored, { value: '', limit: 60 })] })), 'core_memory_append', { label: named, content: 'Tea' })
      expect(text).toBe(`Appended. Block "${stored}" now has 3 of 60 characters.`)
    }
  })

  test('appends once, however often the call is tried [core:append-replace]', async () => {
    const { context, value } = agent('')
    const attempts = [1, 2].map(() => call(context(), 'core_memory_append', { label: 'human', content: 'Likes tea' }))
    expect(await Promise.all(attempts)).toEqual([1, 2].map(() => ({ text: 'Appended. Block "human" now has 9 of 60 characters.' })))
    expect(await value()).toBe('Likes tea')
  })

  test('does not double a line, and says so [core:append-replace]', async () => {
    const { context, value } = agent('Name: Bo\nLikes tea')
    const { text } = await call(context(), 'core_memory_append', { label: 'human', content: 'Likes tea' })
    expect(text).toContain('already there')
    expect(await value()).toBe('Name: Bo\nLikes tea')
    await call(context(2), 'core_memory_append', { label: 'human', content: 'Likes te' })
    expect(await value()).toBe('Name: Bo\nLikes tea\nLikes te')
  })

  test('fails with limit, size and overage when the block is full [core:append-replace]', async () => {
    const { context } = agent('x'.repeat(55))
    await expect(call(context(), 'core_memory_append', { label: 'human', content: '1234567' })).rejects.toThrow(
      'block "human" may have 60 characters; it would have 63, 3 too many',
    )
  })

  test('names the blocks where the label is none of them, and refuses a read-only one [core:blocks]', async () => {
    const { context } = agent('')
    await expect(call(context(), 'core_memory_append', { label: 'user', content: 'x' })).rejects.toThrow(
      'there is no block "user"; your blocks are: human, rules',
    )
    await expect(call(context(), 'core_memory_append', { label: 'rules', content: 'x' })).rejects.toMatchObject({ code: 'block-read-only' })
  })
})

describe('core_memory_replace', () => {
  test('replaces the exact text, once for each call [core:append-replace]', async () => {
    const { context, value } = agent('Likes tea')
    const replace = (): Promise<unknown> => call(context(), 'core_memory_replace', { label: 'human', old_content: 'tea', new_content: 'green tea' })
    await replace()
    expect(await replace()).toEqual({ text: 'Replaced. Block "human" now has 15 of 60 characters.' })
    expect(await value()).toBe('Likes green tea')
  })

  test('takes text literally, dollar signs too [core:append-replace]', async () => {
    const { context, value } = agent('Owes (5$)')
    await call(context(), 'core_memory_replace', { label: 'human', old_content: '(5$)', new_content: "$& and $'" })
    expect(await value()).toBe("Owes $& and $'")
  })

  test('finds the text where it is written with other signs, and says how it stood there [core:append-replace]', async () => {
    const { context, value } = agent('Zoe\u0308’s “cat”…')
    const { text } = await call(context(), 'core_memory_replace', { label: 'human', old_content: 'Zo\u00eb\'s "cat"...', new_content: 'Soot' })
    expect(text).toContain('Replaced. It stood there as "Zoe\u0308’s “cat”…".')
    expect(await value()).toBe('Soot')
  })

  test('replaces the first of several and says how many there were [core:append-replace]', async () => {
    const { context, value } = agent('tea, tea, tea')
    const { text } = await call(context(), 'core_memory_replace', { label: 'human', old_content: 'tea', new_content: 'mate' })
    expect(text).toContain('The text stood there 3 times; the first was replaced.')
    expect(await value()).toBe('mate, tea, tea')
  })

  test.each([
    ['a\nb\nc', 'b', 'a\nc'],
    ['a\nb', 'b', 'a'],
    ['a\nb', 'a', 'b'],
    ['a', 'a', ''],
    ['a b c', ' b', 'a c'],
  ])('deletes by an empty new text, a whole line with its break: %j without %j [core:append-replace]', async (before, old, after) => {
    const { context, value } = agent(before)
    await call(context(), 'core_memory_replace', { label: 'human', old_content: old, new_content: '' })
    expect(await value()).toBe(after)
  })

  test('shows the nearest line where the text is not there [core:append-replace]', async () => {
    const { context } = agent('Name: Bo\nLikes green tea')
    await expect(call(context(), 'core_memory_replace', { label: 'human', old_content: 'likes green  tea!', new_content: 'x' })).rejects.toMatchObject({
      code: 'text-not-found',
      message: 'the old text is not in block "human"; the nearest line is "Likes green tea": copy it exactly',
    })
    await expect(call(agent('').context(), 'core_memory_replace', { label: 'human', old_content: 'x', new_content: 'y' })).rejects.toThrow('the block is empty')
  })
})

describe('instructions_replace', () => {
  const create = async (definition: AgentDefinition): Promise<void> => {
    await stores.memory.agents.create({ definition, digest: 'd', createdAt: '2026-03-01T10:00:00.000Z' })
  }

  test('replaces the agent\'s own instructions where the definition allows it [core:self-edit]', async () => {
    const definition = definitionOf(freshAgentId(), { instructionsEditable: true, instructions: 'Be brief.' })
    await create(definition)
    await call(contextOf(stores, definition), 'instructions_replace', { new_instructions: 'Be kind.' })
    expect((await stores.memory.agents.get(definition.id))?.definition.instructions).toBe('Be kind.')
  })

  test('is refused where it does not, and for a text that would fill the window [core:self-edit]', async () => {
    const fixed = definitionOf(freshAgentId(), { instructions: 'Be brief.' })
    await create(fixed)
    await expect(call(contextOf(stores, fixed), 'instructions_replace', { new_instructions: 'x' })).rejects.toThrow('your instructions are fixed')
    const editable = { ...fixed, instructionsEditable: true }
    await expect(call(contextOf(stores, editable), 'instructions_replace', { new_instructions: 'x'.repeat(2_001) })).rejects.toMatchObject({
      code: 'definition-too-large',
    })
    expect((await stores.memory.agents.get(fixed.id))?.definition.instructions).toBe('Be brief.')
  })
})

test('the agent edits its own persona [core:self-edit]', async () => {
  const definition = definitionOf(freshAgentId())
  await call(contextOf(stores, definition), 'core_memory_replace', { label: 'persona', old_content: 'Ada', new_content: 'Grace' })
  expect((await stores.memory.blocks.current(`${definition.id}/persona`))?.value).toBe('I am Grace.')
})

test('send_message gives the runtime the reply and the model a short result [step:tools-only]', async () => {
  const { context } = agent('')
  expect(await call(context(), 'send_message', { message: ' Hello! ' })).toEqual({ text: 'Sent.', reply: 'Hello!' })
  await expect(call(context(), 'send_message', { message: '  ' })).rejects.toThrow('arguments of send_message do not fit')
})
