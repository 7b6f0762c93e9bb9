import { expect, test } from 'vitest'
import { changedDefinition, restoredDefinition, type Changing } from '../../src/definition/changed-definition.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { findAgent } from '../../src/stores/find-agent.ts'
import type { StoredAgent } from '../../src/stores/stores.ts'
import { temporaryStores } from '../tools/context.ts'

const { memory } = await temporaryStores()

/** The second agent of the name. */
async function later(): Promise<StoredAgent> {
  const definition = defineAgent({ id: 'ada', blocks: [{ label: 'human' }, { label: 'rules', readOnly: true }] })
  const createdAt = '2026-01-01T00:00:00.000Z'
  const first = await memory.agents.create({ definition, digest: 'one', createdAt })
  await memory.agents.markDeleting(first.key, createdAt)
  return memory.agents.create({ definition, digest: 'two', createdAt })
}

test('a later agent of a name is given blocks of its own, and loses none [definition:living agent:generations multi:shared-blocks]', async () => {
  const { key, definition } = await later()
  expect(key).toBe('ada~2')
  const changing: Changing = { key, present: definition, memory, find: findAgent(memory.agents, undefined) }
  const changed = await changedDefinition(changing, { blocks: { notes: { value: 'new' }, rules: { readOnly: false }, team: { blockId: 'team' } } })
  expect(changed.blocks.map(({ blockId }) => blockId)).toEqual(['ada~2/human', 'ada~2/rules', 'ada~2/notes', 'team'])
  expect(await restoredDefinition({ ...changing, present: changed }, definition)).toEqual(definition)
  await expect(changedDefinition(changing, { blocks: { notes: { blockId: 'nobody/notes' } } })).rejects.toMatchObject({ code: 'block-private' })
})

test('a limit below what a block has is refused, also where the block has what it began with, as nobody has written it yet [definition:living core:append-replace]', async () => {
  const definition = defineAgent({ id: 'eve', blocks: [{ label: 'human', value: 'x'.repeat(150), limit: 200 }] })
  const { key, definition: present } = await memory.agents.create({ definition, digest: 'one', createdAt: '2026-01-01T00:00:00.000Z' })
  const changing: Changing = { key, present, memory, find: findAgent(memory.agents, undefined) }
  await expect(changedDefinition(changing, { blocks: { human: { limit: 100 } } })).rejects.toMatchObject({ code: 'block-too-large' })
  expect((await changedDefinition(changing, { blocks: { human: { limit: 150 } } })).blocks).toMatchObject([{ limit: 150, value: 'x'.repeat(150) }])
})
