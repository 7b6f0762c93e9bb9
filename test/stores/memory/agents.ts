import { describe, expect, test } from 'vitest'
import { idsOf } from '../../../src/protocol/tenant.ts'
import type { AgentFilter } from '../../../src/stores/agents.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment, sampleAgent } from './samples.ts'

export function agentPromises(under: () => MemoryUnderTest): void {
  describe('agents', () => {
    test('the first creation under an id stands, and is what a second one gets [agent:create]', async () => {
      const { agents } = under().store
      const first = sampleAgent(freshAgentId())
      expect(await agents.create(first)).toEqual(first)
      expect(await agents.create(first)).toEqual(first)
      expect(await agents.create(sampleAgent(first.definition.id, 'Be rude.'))).toEqual(first)
      expect(await agents.get(first.definition.id)).toEqual(first)
    })

    test('of creations at the same time one stands, and all of them get it [agent:create]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const attempts = Array.from({ length: 8 }, (_, index) => (index % 2 ? store : another).agents.create(sampleAgent(agentId, `Variant ${index}`)))
      const stored = await Promise.all(attempts)
      expect(new Set(stored.map((agent) => agent.digest)).size).toBe(1)
      expect(await store.agents.get(agentId)).toEqual(stored[0])
    })

    test('an agent that was never created is undefined', async () => {
      expect(await under().store.agents.get(freshAgentId())).toBeUndefined()
    })

    test('lists every agent once, by id and in pages, archived ones too [client:sdk]', async () => {
      const { agents } = under().store
      const prefix = freshAgentId()
      // By character, not by language: a hyphen, digits, an underscore, letters.
      const ids = ['-b', '0', '10', '2', '_a', 'a', 'a-', 'ab'].map((end) => `${prefix}${end}`)
      for (const id of ids.toReversed()) await agents.create(sampleAgent(id))
      await agents.archive(`${prefix}2`, moment(5))
      const listed = async (after: string, limit: number) => (await agents.list({ within: idsOf(undefined), after, limit })).map((agent) => agent.definition.id)
      expect(await listed(prefix, 3)).toEqual(ids.slice(0, 3))
      expect(await listed(`${prefix}10`, 3)).toEqual(ids.slice(3, 6))
      expect((await listed(`${prefix}a`, 1_000)).slice(0, 2)).toEqual(ids.slice(6))
      // An id that is not there, or no more, is a place like any other.
      expect(await listed(`${prefix}1`, 1)).toEqual([`${prefix}10`])
      expect(await listed('zzz', 10)).toEqual([])
      expect((await agents.list({ within: idsOf(undefined), limit: 1_000 })).filter(({ definition }) => definition.id.startsWith(prefix)).map(({ definition }) => definition.id)).toEqual(ids)
      expect((await agents.list({ within: idsOf(undefined), after: `${prefix}10`, limit: 1 }))[0]?.archivedAt).toBe(moment(5))
    })

    test('lists those that match by tag, model, key and being archived, in pages [client:sdk]', async () => {
      const { agents } = under().store
      const prefix = freshAgentId()
      const create = async (end: string, model: string, tags?: readonly string[]): Promise<void> => {
        const sample = sampleAgent(`${prefix}-${end}`)
        const definition = { ...sample.definition, model, ...(tags && { tags }) }
        await agents.create({ ...sample, definition })
      }
      await create('a', `${prefix}/large`, ['night "shift"', 'team'])
      await create('b', `${prefix}/small`, ['team'])
      await create('c', `${prefix}/large`)
      await create('d', `${prefix}/large`, ['teams'])
      await agents.archive(`${prefix}-c`, moment(5))
      const found = async (filter: AgentFilter, page: { readonly after?: string; readonly limit?: number } = {}) =>
        (await agents.list({ within: idsOf(undefined), after: prefix, limit: 100, ...filter, ...page })).filter(({ key }) => key.startsWith(prefix)).map(({ key }) => key.slice(prefix.length + 1))
      expect(await found({ tag: 'team' })).toEqual(['a', 'b'])
      expect(await found({ tag: 'night "shift"' })).toEqual(['a'])
      expect(await found({ tag: 'tea' })).toEqual([])
      expect(await found({ model: `${prefix}/large` })).toEqual(['a', 'c', 'd'])
      expect(await found({ model: `${prefix}/large` }, { after: `${prefix}-a`, limit: 1 })).toEqual(['c'])
      expect(await found({ model: `${prefix}/large`, tag: 'team' })).toEqual(['a'])
      expect(await found({ archived: true })).toEqual(['c'])
      expect(await found({ archived: false, model: `${prefix}/large` })).toEqual(['a', 'd'])
      const keys = ['b', 'c', 'nobody'].map((end) => `${prefix}-${end}`)
      expect(await found({ keys })).toEqual(['b', 'c'])
      expect(await found({ keys, archived: false })).toEqual(['b'])
      expect(await found({ keys: [] })).toEqual([])
    })

    test('puts one version of the definition after the other in force, whatever is in it, and keeps all else of the agent [definition:living]', async () => {
      const { agents } = under().store
      const agent = sampleAgent(freshAgentId())
      const bystander = sampleAgent(freshAgentId())
      await agents.create(agent)
      await agents.create(bystander)
      await agents.setDocuments(agent.key, 3)
      const changes = [...awkwardTexts.map((instructions) => ({ instructions, name: 'Ada', tags: ['a', 'b'] })), { agentBudget: { tokens: 7 } }, {}]
      for (const [index, change] of changes.entries()) {
        const definition = { ...agent.definition, ...change }
        await agents.define(agent.key, index + 2, definition)
        await agents.define(agent.key, index + 2, definition)
        expect(await agents.get(agent.key)).toEqual({ ...agent, documents: 3, version: index + 2, definition })
      }
      await agents.define(agent.key, 2, { ...agent.definition, instructions: 'one that comes late' })
      expect(await agents.get(agent.key)).toEqual({ ...agent, documents: 3, version: changes.length + 1 })
      expect(await agents.get(bystander.key)).toEqual(bystander)
    })

    test('archives an agent, keeps all else of it, and bears a repeated attempt', async () => {
      const { agents } = under().store
      const agent = sampleAgent(freshAgentId())
      await agents.create(agent)
      await agents.archive(agent.definition.id, moment(9))
      await agents.archive(agent.definition.id, moment(9))
      expect(await agents.get(agent.definition.id)).toEqual({ ...agent, archivedAt: moment(9) })
    })
  })
}
