import { describe, expect, test } from 'vitest'
import type { BlockDefinition } from '../../src/protocol/definition.ts'
import { readBlocks, restoreBlock, undoBlock, writeBlock, type BlockWrite } from '../../src/stores/core-memory.ts'
import type { BlockStore } from '../../src/stores/blocks.ts'
import { block, definitionOf, freshAgentId, temporaryStores } from './context.ts'

const { blocks } = (await temporaryStores()).memory

function writeOf(definition: BlockDefinition, op: string, more: Partial<BlockWrite> = {}): BlockWrite {
  return { blocks, definition, op, author: 'ada', turn: 3, at: '2026-03-01T10:00:00.000Z', ...more }
}

const append = (definition: BlockDefinition, op: string, text: string, more: Partial<BlockWrite> = {}) =>
  writeBlock({ ...writeOf(definition, op, more), edit: value => value + text })

const history = async (definition: BlockDefinition) => (await blocks.history(definition.blockId, 100)).map(version => version.value)

describe('a write to a block', () => {
  test('begins from the definition\'s value, which stays version 1 [core:blocks]', async () => {
    const persona = block(freshAgentId(), 'persona', { value: 'I am Ada.' })
    expect(await append(persona, 'a', ' Hello.')).toMatchObject({ version: 2, value: 'I am Ada. Hello.', op: 'a' })
    expect(await history(persona)).toEqual(['I am Ada. Hello.', 'I am Ada.'])
  })

  test('keeps turn, author and time [core:history]', async () => {
    const human = block(freshAgentId(), 'human')
    await append(human, 'a', 'x', { author: 'a person', turn: 7, at: '2026-03-02T00:00:00.000Z' })
    expect(await blocks.current(human.blockId)).toMatchObject({ author: 'a person', turn: 7, at: '2026-03-02T00:00:00.000Z' })
  })

  test('is done once under its operation id, whatever was written since [core:append-replace]', async () => {
    const human = block(freshAgentId(), 'human')
    const first = await append(human, 'a', '1')
    await append(human, 'b', '2')
    expect(await append(human, 'a', '1')).toEqual(first)
    expect(await history(human)).toEqual(['12', '1', ''])
  })

  test('writes no version where it changes nothing', async () => {
    const human = block(freshAgentId(), 'human', { value: 'x' })
    expect(await append(human, 'a', '')).toMatchObject({ version: 1, value: 'x' })
  })

  test('is refused above the limit, with limit, size and overage [core:append-replace]', async () => {
    const human = block(freshAgentId(), 'human', { limit: 10, value: '12345678' })
    expect(await append(human, 'a', '90')).toMatchObject({ value: '1234567890' })
    await expect(append(human, 'b', 'abc')).rejects.toMatchObject({
      code: 'block-too-large',
      message: expect.stringContaining('block "human" may have 10 characters; it would have 13, 3 too many: ') as string,
    })
    expect(await history(human)).toEqual(['1234567890', '12345678'])
  })

  test('is refused on a read-only block, except by a person [core:blocks]', async () => {
    const rules = block(freshAgentId(), 'rules', { readOnly: true, value: 'Be kind.' })
    await expect(append(rules, 'a', '!')).rejects.toMatchObject({ code: 'block-read-only' })
    expect(await append(rules, 'a', '!', { byPerson: true })).toMatchObject({ value: 'Be kind.!' })
  })

  test('applies its edit again to what another writer wrote in between [core:append-replace]', async () => {
    const human = block(freshAgentId(), 'human')
    let others = 0
    const interrupted: BlockStore = {
      ...bound(blocks),
      insert: async version => {
        if (version.op === 'mine' && others < 2) await append(human, `other ${(others += 1)}`, 'o')
        return blocks.insert(version)
      },
    }
    expect(await append(human, 'mine', 'm', { blocks: interrupted })).toMatchObject({ version: 4, value: 'oom' })
  })

  test('gives up by name where it never comes through', async () => {
    const human = block(freshAgentId(), 'human')
    let others = 0
    const contended: BlockStore = {
      ...bound(blocks),
      insert: async version => {
        if (version.op === 'mine') await append(human, `other ${(others += 1)}`, 'o')
        return blocks.insert(version)
      },
    }
    await expect(append(human, 'mine', 'm', { blocks: contended })).rejects.toMatchObject({ code: 'block-conflict' })
    expect(await blocks.byOp(human.blockId, 'mine')).toBeUndefined()
  })

  test('is never lost among many at once to one shared block [core:append-replace]', async () => {
    const shared = block('shared', freshAgentId(), { limit: 1_000 })
    const names = Array.from({ length: 20 }, (_, index) => `<${index}>`)
    await Promise.all(names.map(name => append(shared, name, name, { author: name })))
    const value = (await blocks.current(shared.blockId))?.value ?? ''
    expect(names.filter(name => !value.includes(name))).toEqual([])
    expect(value).toHaveLength(names.join('').length)
  })
})

describe('undoing', () => {
  test('writes the earlier value as a new version, so that it can be undone as well [core:history]', async () => {
    const human = block(freshAgentId(), 'human', { value: 'a' })
    await append(human, '1', 'b')
    expect(await undoBlock(writeOf(human, 'u1'))).toMatchObject({ version: 3, value: 'a', op: 'u1' })
    expect(await undoBlock(writeOf(human, 'u2'))).toMatchObject({ version: 4, value: 'ab' })
    expect(await undoBlock(writeOf(human, 'u2'))).toMatchObject({ version: 4, value: 'ab' })
  })

  test('goes back to any version [core:history]', async () => {
    const human = block(freshAgentId(), 'human', { value: 'a' })
    for (const op of ['b', 'c', 'd']) await append(human, op, op)
    expect(await undoBlock({ ...writeOf(human, 'u'), to: 2 })).toMatchObject({ version: 5, value: 'ab' })
    await expect(undoBlock({ ...writeOf(human, 'v'), to: 9 })).rejects.toThrow('block "human" has no version 9: 1 to 5 exist')
  })

  test('takes back no write that comes in between [core:history]', async () => {
    const human = block(freshAgentId(), 'human', { value: 'a' })
    await append(human, '1', 'b')
    let others = 0
    const interrupted: BlockStore = {
      ...bound(blocks),
      insert: async version => {
        if (version.op === 'u') await append(human, `other ${(others += 1)}`, 'o')
        return blocks.insert(version)
      },
    }
    await expect(undoBlock(writeOf(human, 'u', { blocks: interrupted }))).rejects.toMatchObject({ code: 'block-conflict' })
    expect(await history(human)).toEqual(['abo', 'ab', 'a'])
  })

  test('says so where nothing was ever changed [core:history]', async () => {
    const human = block(freshAgentId(), 'human')
    await expect(undoBlock(writeOf(human, 'u'))).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })
})

test('restoring sets the value once under its operation id, on a read-only block too [core:history]', async () => {
  const rules = block(freshAgentId(), 'rules', { readOnly: true, value: 'Be kind.' })
  await restoreBlock({ ...writeOf(rules, 'r'), value: 'Be brief.' })
  expect(await restoreBlock({ ...writeOf(rules, 'r'), value: 'Be brief.' })).toMatchObject({ version: 2, value: 'Be brief.' })
})

test('reading gives every block in order and creates none [core:blocks]', async () => {
  const definition = definitionOf(freshAgentId())
  const [human, persona] = definition.blocks
  if (!human || !persona) throw new Error('the sample definition has two blocks')
  await append(persona, 'a', ' Hello.')
  expect(await readBlocks(definition, blocks)).toEqual([
    { definition: human, version: 0, value: '' },
    { definition: persona, version: 2, value: 'I am Ada. Hello.' },
  ])
  expect(await blocks.current(human.blockId)).toBeUndefined()
})

/** The store's methods on an object of their own, so that one of them can be intercepted. */
function bound(store: BlockStore): BlockStore {
  return {
    current: id => store.current(id),
    currents: ids => store.currents(ids),
    byOp: (id, op) => store.byOp(id, op),
    insert: version => store.insert(version),
    history: (id, limit) => store.history(id, limit),
    version: (id, version) => store.version(id, version),
  }
}
