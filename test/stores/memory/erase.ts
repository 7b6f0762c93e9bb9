import { describe, expect, test } from 'vitest'
import { idsOf } from '../../../src/protocol/tenant.ts'
import type { MemoryStore } from '../../../src/stores/stores.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleAgent, sampleMessage, sampleOutcome, sampleVersion } from './samples.ts'

const sharedBlock = 'household'

/** Everything that a store can hold of an agent. */
async function fill(store: MemoryStore, agentId: string): Promise<void> {
  await store.agents.create(sampleAgent(agentId))
  await store.events.put({ agentId, eventId: 'e', kind: 'login', text: 'hello', sentAt: moment(1) })
  await store.messages.insert(sampleMessage(agentId, 1, 'penguin'))
  await store.blocks.insert(sampleVersion(`${agentId}/human`, 1, 'Chad'))
  await store.summaries.insert({ agentId, op: 's', text: 'So far', tokens: 2, byModel: true, covers: 1, at: moment(1) })
  await store.promptFrames.put(agentId, { digest: 'f', body: '{}' })
  await store.asideCosts.insert({ agentId, id: 'a', at: moment(1), model: 'm', usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 1 }, latencyMs: 1 })
  await store.turns.put(agentId, sampleOutcome(1, { eventId: 'e' }))
  await store.claims.setOutcome({ agentId, op: 'c', owner: 'one', outcome: { ok: true, text: 'done' } })
  await store.checkpoints.put({ agentId, name: 'p', control: { queue: [] }, blocks: {}, instructions: '', at: moment(1) })
  await store.definitions.insert({ agentId, version: 2, definition: sampleAgent(agentId).definition, op: 'd', author: 'ada', turn: 1, at: moment(1) }, sampleAgent(agentId).definition.blocks)
  await store.definitions.propose({ agentId, id: 'c', author: 'ada', undo: 1 })
  await store.answers.put({ agentId, op: 'o', id: 'i', answer: 'refuse', text: 'no', at: moment(1) })
}

/** What there is, in sixteen questions: all of it, or nothing. */
async function present(store: MemoryStore, agentId: string): Promise<readonly boolean[]> {
  const query = { order: 'newest', offset: 0, limit: 5 } as const
  return [
    (await store.agents.get(agentId)) !== undefined,
    (await store.definitions.latest(agentId)) !== undefined,
    (await store.definitions.formerBlock(agentId, `${agentId}/human`)) !== undefined,
    (await store.definitions.proposed(agentId, 'c')) !== undefined,
    (await store.agents.list({ within: idsOf(undefined), limit: 1_000 })).some((agent) => agent.definition.id === agentId),
    (await store.events.get(agentId, 'e')) !== undefined,
    (await store.messages.count(agentId)) === 1,
    (await store.messages.search(agentId, { ...query, text: 'penguin' })).total === 1,
    (await store.blocks.current(`${agentId}/human`)) !== undefined,
    (await store.summaries.get(agentId, 's')) !== undefined,
    (await store.promptFrames.get(agentId, 'f')) !== undefined,
    (await store.asideCosts.list(agentId)).length === 1,
    (await store.turns.get(agentId, 1)) !== undefined,
    (await store.turns.byEvent(agentId, 'e')) !== undefined,
    (await store.claims.get(agentId, 'c')) !== undefined,
    (await store.checkpoints.list(agentId)).length === 1,
    (await store.answers.get(agentId, 'o', 'i')) !== undefined,
  ]
}

export function erasePromises(under: () => MemoryUnderTest): void {
  describe('erasing an agent', () => {
    test('deletes all of it and nothing of agents whose ids look alike', async () => {
      const { store, another } = under()
      const erased = `${freshAgentId()}_b`
      const others = [erased.slice(0, -1), `${erased}c`, erased.replace('_', 'x'), erased.replace('_', '-')]
      for (const agentId of [erased, ...others]) await fill(store, agentId)
      await store.eraseAgent(erased)
      await store.eraseAgent(erased)
      expect(new Set(await present(another, erased))).toEqual(new Set([false]))
      for (const agentId of others) expect(new Set(await present(another, agentId))).toEqual(new Set([true]))
    })

    test('leaves shared blocks alone [core:blocks]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await fill(store, agentId)
      const ids = [sharedBlock, agentId, `${agentId}-team`]
      for (const blockId of ids) await store.blocks.insert(sampleVersion(blockId, 1, 'Everybody reads this.', { author: agentId }))
      await store.eraseAgent(agentId)
      expect((await store.blocks.currents(ids)).map((block) => block?.value)).toEqual(ids.map(() => 'Everybody reads this.'))
      expect(await store.blocks.history(`${agentId}/human`, 5)).toEqual([])
    })

    test('spares a block of its own that the definition of another agent names as well [core:blocks]', async () => {
      const { store, another } = under()
      const [owner, reader] = [sampleAgent(freshAgentId()), sampleAgent(freshAgentId())]
      await store.agents.create(owner)
      await store.agents.create({ ...reader, definition: { ...reader.definition, blocks: [...reader.definition.blocks, ...owner.definition.blocks] } })
      const ids = [`${owner.key}/human`, `${owner.key}/persona`, `${reader.key}/human`]
      for (const blockId of ids) await store.blocks.insert(sampleVersion(blockId, 1, 'Both read this.'))
      await store.eraseAgent(owner.key)
      expect((await another.blocks.currents(ids)).map((block) => block?.blockId)).toEqual([ids[0], undefined, ids[2]])
    })

    test('an erased agent can be made anew and finds nothing of its former self', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await fill(store, agentId)
      await store.eraseAgent(agentId)
      await store.messages.insert(sampleMessage(agentId, 1, 'walrus'))
      const query = { order: 'relevance', offset: 0, limit: 5 } as const
      expect((await store.messages.search(agentId, { ...query, text: 'penguin' })).total).toBe(0)
      expect((await store.messages.search(agentId, { ...query, text: 'walrus' })).total).toBe(1)
    })

    test('erasing an agent that was never there is no error', async () => {
      await expect(under().store.eraseAgent(freshAgentId())).resolves.toBeUndefined()
    })
  })
}
