import { expect, test } from 'vitest'
import { changedDefinition, restoredDefinition, type Changing } from '../../src/definition/changed-definition.ts'
import type { AgentChanges } from '../../src/definition/agent-changes.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import type { AgentDefinition } from '../../src/protocol/definition.ts'
import type { DefinitionStore } from '../../src/stores/definitions.ts'
import { findAgent } from '../../src/stores/find-agent.ts'
import type { StoredAgent } from '../../src/stores/agents.ts'
import { writeDefinition } from '../../src/stores/write-definition.ts'
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

test('attaching a block costs as much after many versions as after few, and finds the one that left first of all [definition:living core:blocks]', async () => {
  const { key, definition } = await memory.agents.create({ definition: defineAgent({ id: 'eva', blocks: [{ label: 'human', value: 'Name: Eva' }, { label: 'notes' }] }), digest: 'one', createdAt: '2026-01-01T00:00:00.000Z' })
  const write = async (op: string, changes: Partial<AgentDefinition>) => {
    const agent = (await memory.agents.get(key)) ?? expect.fail()
    return writeDefinition({ memory, agent, op, author: 'ada', turn: 0, at: agent.createdAt, edit: (present) => ({ ...present.definition, ...changes }) })
  }
  /** Calls of the store, and definitions that they gave. */
  const cost = async (changes: AgentChanges): Promise<readonly [calls: number, read: number, definition: AgentDefinition]> => {
    const given: unknown[] = []
    const asked = Object.entries(memory.definitions).map(([name, member]) => [name, async (...args: readonly unknown[]) => {
      const answer: unknown = await (member as (...args: readonly unknown[]) => unknown)(...args)
      given.push(answer)
      return answer
    }] as const)
    const { definition: present } = (await memory.definitions.latest(key)) ?? expect.fail()
    const changed = await changedDefinition({ key, present, memory: { ...memory, definitions: Object.fromEntries(asked) as unknown as DefinitionStore }, find: findAgent(memory.agents, undefined) }, changes)
    return [given.length, given.flat().length, changed]
  }
  await write('detach', { blocks: definition.blocks.slice(1) })
  const [byLabel, byId] = [{ blocks: { human: {}, third: {} } }, { blocks: { fourth: { blockId: 'eva/human' } } }]
  const before = [await cost(byLabel), await cost(byId)]
  for (let index = 0; index < 120; index += 1) await write(`op ${index}`, { instructions: `version ${index}` })
  const after = [await cost(byLabel), await cost(byId)]
  const counted = (costs: typeof after) => costs.map(([calls, read]) => [calls, read])
  expect(counted(after)).toEqual(counted(before))
  for (const [calls] of after) expect(calls).toBeLessThan(8)
  expect(after.map(([, , { blocks }]) => blocks.slice(1))).toMatchObject([[{ blockId: 'eva/human', value: 'Name: Eva' }, { blockId: 'eva/third', value: '' }], [{ blockId: 'eva/human', value: 'Name: Eva' }]])
})

test('a limit below what a block has is refused, also where the block has what it began with, as nobody has written it yet [definition:living core:append-replace]', async () => {
  const definition = defineAgent({ id: 'eve', blocks: [{ label: 'human', value: 'x'.repeat(150), limit: 200 }] })
  const { key, definition: present } = await memory.agents.create({ definition, digest: 'one', createdAt: '2026-01-01T00:00:00.000Z' })
  const changing: Changing = { key, present, memory, find: findAgent(memory.agents, undefined) }
  await expect(changedDefinition(changing, { blocks: { human: { limit: 100 } } })).rejects.toMatchObject({ code: 'block-too-large' })
  expect((await changedDefinition(changing, { blocks: { human: { limit: 150 } } })).blocks).toMatchObject([{ limit: 150, value: 'x'.repeat(150) }])
})
