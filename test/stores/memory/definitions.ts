import { describe, expect, test } from 'vitest'
import type { BlockDefinition } from '../../../src/protocol/definition.ts'
import { writeDefinition, type DefinitionWrite } from '../../../src/stores/write-definition.ts'
import type { DefinitionVersion } from '../../../src/stores/definitions.ts'
import type { StoredAgent } from '../../../src/stores/agents.ts'
import type { MemoryStore } from '../../../src/stores/stores.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment, sampleAgent } from './samples.ts'

async function created(store: MemoryStore): Promise<StoredAgent> {
  return store.agents.create(sampleAgent(freshAgentId()))
}

const versionOf = ({ key: agentId, definition }: StoredAgent, version: number, more: Partial<DefinitionVersion> = {}): DefinitionVersion => ({
  agentId,
  version,
  definition: { ...definition, instructions: `version ${version}` },
  op: `op ${version}`,
  author: 'ada',
  turn: version,
  at: moment(version),
  ...more,
})

function write(memory: MemoryStore, agent: StoredAgent, op: string, instructions: string, more: Partial<DefinitionWrite> = {}): Promise<DefinitionVersion> {
  return writeDefinition({ memory, agent, op, author: 'ada', turn: 4, at: moment(4), edit: ({ definition }) => ({ ...definition, instructions }), ...more })
}

export function definitionPromises(under: () => MemoryUnderTest): void {
  describe('definitions', () => {
    test('are versions: each number is taken once, and a repeated insert finds its own [definition:living]', async () => {
      const { definitions } = under().store
      const agent = await created(under().store)
      expect(await definitions.latest(agent.key)).toBeUndefined()
      for (const number of [1, 2, 3]) expect(await definitions.insert(versionOf(agent, number))).toEqual({ status: 'stored', version: versionOf(agent, number) })
      expect(await definitions.insert(versionOf(agent, 4, { op: 'op 2' }))).toEqual({ status: 'stored', version: versionOf(agent, 2) })
      expect(await definitions.insert(versionOf(agent, 3, { op: 'another' }))).toEqual({ status: 'conflict', version: versionOf(agent, 3) })
      expect(await definitions.latest(agent.key)).toEqual(versionOf(agent, 3))
      expect(await definitions.get(agent.key, 2)).toEqual(versionOf(agent, 2))
      expect(await definitions.get(agent.key, 9)).toBeUndefined()
      expect(await definitions.byOp(agent.key, 'op 1')).toEqual(versionOf(agent, 1))
      expect((await definitions.history(agent.key, { limit: 2 })).map(({ version }) => version)).toEqual([3, 2])
      expect((await definitions.history(agent.key, { limit: 9, before: 3 })).map(({ version }) => version)).toEqual([2, 1])
      expect(await definitions.history(freshAgentId(), { limit: 9 })).toEqual([])
    })

    test('keep the blocks that have left them, each as it left last, to be found by its id, and by its label the one that left last [definition:living core:blocks]', async () => {
      const { store, another } = under()
      const { definitions } = store
      const agent = await created(store)
      const [block = expect.fail('a sample has blocks')] = agent.definition.blocks
      const blockOf = (name: string, label: string, value: string) => ({ ...block, blockId: `${agent.key}/${name}`, label, value })
      const [one, two, three] = [blockOf('one', 'human', awkwardTexts.join('\n')), blockOf('two', 'human', 'second'), blockOf('three', 'other', 'third')]
      await definitions.insert(versionOf(agent, 1))
      expect(await definitions.formerBlock(agent.key, one.blockId)).toBeUndefined()
      await definitions.insert(versionOf(agent, 2), [one, three])
      await definitions.insert(versionOf(agent, 3))
      await definitions.insert(versionOf(agent, 4), [two])
      expect(await definitions.formerBlock(agent.key, one.blockId)).toEqual(one)
      expect(await another.definitions.formerBlockOf(agent.key, 'human', [])).toEqual(two)
      expect(await definitions.formerBlockOf(agent.key, 'human', [two.blockId])).toEqual(one)
      expect(await definitions.formerBlockOf(agent.key, 'human', [two.blockId, one.blockId])).toBeUndefined()

      await definitions.insert(versionOf(agent, 5))
      const renamed = blockOf('two', 'other', 'renamed')
      await definitions.insert(versionOf(agent, 6), [renamed])
      expect(await definitions.formerBlockOf(agent.key, 'human', [])).toEqual(one)
      expect(await definitions.formerBlockOf(agent.key, 'other', [])).toEqual(renamed)
      // An insert that is repeated late takes nothing back.
      expect(await definitions.insert(versionOf(agent, 4), [two])).toMatchObject({ status: 'stored' })
      expect(await definitions.formerBlock(agent.key, two.blockId)).toEqual(renamed)
      expect(await definitions.formerBlock(freshAgentId(), two.blockId)).toBeUndefined()
    })

    test('keep what leaves by whichever change, before the version without it is there [definition:living core:blocks]', async () => {
      const { store } = under()
      const agent = await created(store)
      const [first = expect.fail('a sample has blocks')] = agent.definition.blocks
      const shared = { ...first, blockId: 'household', label: 'household' }
      const withBlocks = (op: string, blocks: readonly BlockDefinition[]) => write(store, agent, op, '', { edit: ({ definition }) => ({ ...definition, blocks }) })
      await withBlocks('one', [...agent.definition.blocks, shared])
      await withBlocks('two', [])
      for (const block of agent.definition.blocks) expect(await store.definitions.formerBlock(agent.key, block.blockId)).toEqual(block)
      expect(await store.definitions.formerBlock(agent.key, 'household')).toBeUndefined()
    })

    test('keep what was proposed as it was, the first under an id [definition:living]', async () => {
      const { definitions } = under().store
      const { key: agentId } = await created(under().store)
      const change = { agentId, id: 'digest', author: 'ada', ifVersion: 2, changes: JSON.stringify({ instructions: awkwardTexts.join('\n') }) }
      await definitions.propose(change)
      await definitions.propose({ ...change, author: 'somebody else' })
      expect(await definitions.proposed(agentId, 'digest')).toEqual(change)
      expect(await definitions.proposed(agentId, 'another')).toBeUndefined()
      expect(await definitions.proposed(freshAgentId(), 'digest')).toBeUndefined()
    })

    test('of an agent that was never changed begin with the one of its record, at the first change [definition:living]', async () => {
      const { store } = under()
      const agent = await created(store)
      const changed = await write(store, agent, 'first', 'Be brief.')
      expect(changed).toMatchObject({ version: 2, author: 'ada', turn: 4, definition: { instructions: 'Be brief.' } })
      expect((await store.definitions.history(agent.key, { limit: 9 })).map(({ version, definition }) => [version, definition.instructions])).toEqual([[2, 'Be brief.'], [1, 'Be kind.']])
      expect(await store.agents.get(agent.key)).toEqual({ ...agent, version: 2, definition: changed.definition })
    })

    test('are made once under an operation, and not at all where nothing changes [definition:living]', async () => {
      const { store } = under()
      const agent = await created(store)
      const first = await write(store, agent, 'one', 'Be brief.')
      await write(store, agent, 'two', 'Be loud.')
      expect(await write(store, agent, 'one', 'Be silent.')).toEqual(first)
      expect(await write(store, agent, 'three', 'Be loud.')).toMatchObject({ version: 3, op: 'two' })
      expect(await store.agents.get(agent.key)).toMatchObject({ version: 3, definition: { instructions: 'Be loud.' } })
    })

    test('that were broken off between their two writes are finished when they are made again [definition:living]', async () => {
      const { store } = under()
      const agent = await created(store)
      const crash = () => {
        throw new Error('crash')
      }
      await expect(write(store, agent, 'one', 'Be brief.', { onStored: crash })).rejects.toThrow('crash')
      expect(await store.agents.get(agent.key)).toEqual(agent)
      expect(await write(store, agent, 'one', 'Be brief.')).toMatchObject({ version: 2 })
      expect(await store.agents.get(agent.key)).toMatchObject({ version: 2, definition: { instructions: 'Be brief.' } })
    })

    test('by several writers at once lose no change [definition:living]', async () => {
      const { store, another } = under()
      const agent = await created(store)
      const append = (index: number) => ({ edit: ({ definition }: DefinitionVersion) => ({ ...definition, instructions: `${definition.instructions} ${index}` }) })
      await Promise.all(Array.from({ length: 6 }, (_, index) => write(index % 2 ? store : another, agent, `op ${index}`, '', append(index))))
      const latest = await store.definitions.latest(agent.key)
      expect(latest?.version).toBe(7)
      expect(latest?.definition.instructions.split(' ').slice(2).sort()).toEqual(['0', '1', '2', '3', '4', '5'])
      expect(await store.agents.get(agent.key)).toMatchObject({ version: 7, definition: latest?.definition })
    })
  })
}
