import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/protocol/events.ts'
import type { TurnOutcome } from '../../../src/protocol/turn.ts'
import type { Checkpoint } from '../../../src/stores/checkpoints.ts'
import type { Summary } from '../../../src/stores/summaries.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId, moment, sampleOutcome } from './samples.ts'

const sampleEvent = (agentId: string, eventId: string, text: string): EventBody => ({
  agentId,
  eventId,
  kind: 'user-message',
  text,
  sentAt: moment(1),
})

/** Events, summaries, turns and checkpoints: kept under a name, read back by it. */
export function recordPromises(under: () => MemoryUnderTest): void {
  describe('events', () => {
    test('an event sent again under its id is the first one, also with another text [mailbox:dedupe]', async () => {
      const { events } = under().store
      const first = sampleEvent(freshAgentId(), 'e/1', 'hello')
      expect(await events.put(first)).toEqual(first)
      expect(await events.put(first)).toEqual(first)
      expect(await events.put({ ...first, text: 'something else' })).toEqual(first)
      expect(await events.get(first.agentId, 'e/1')).toEqual(first)
    })

    test('of two texts under one id at the same time one stands, and both senders get it [mailbox:dedupe]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const stored = await Promise.all([store.events.put(sampleEvent(agentId, 'e', 'one')), another.events.put(sampleEvent(agentId, 'e', 'two'))])
      expect(stored[0]).toEqual(stored[1])
    })

    test('two agents may have an event of the same id [mailbox:dedupe]', async () => {
      const { events } = under().store
      const [one, two] = [sampleEvent(freshAgentId(), 'same', 'to one'), sampleEvent(freshAgentId(), 'same', 'to two')]
      await events.put(one)
      expect(await events.put(two)).toEqual(two)
      expect(await events.get(one.agentId, 'same')).toEqual(one)
      expect(await events.get(freshAgentId(), 'same')).toBeUndefined()
    })

    test('gives any text back as it was, up to 64 KiB [mailbox:durable]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      for (const [index, text] of [...awkwardTexts, 'ä'.repeat(32 * 1024)].entries()) {
        await store.events.put(sampleEvent(agentId, `e-${index}`, text))
        expect((await another.events.get(agentId, `e-${index}`))?.text).toBe(text)
      }
    })
  })

  describe('frames of prompts', () => {
    test('are kept letter for letter, once for each agent [prompt:exact]', async () => {
      const { store, another } = under()
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      const body = JSON.stringify({ texts: awkwardTexts, order: { 2: 'b', 1: 'a', z: 0, a: 1 } })
      await store.promptFrames.put(agentId, { digest: 'f', body })
      await another.promptFrames.put(agentId, { digest: 'f', body })
      expect(await another.promptFrames.get(agentId, 'f')).toEqual({ digest: 'f', body })
      expect(await store.promptFrames.get(agentId, 'g')).toBeUndefined()
      expect(await store.promptFrames.get(other, 'f')).toBeUndefined()
    })
  })

  describe('costs of asides', () => {
    test('are those of one agent, each once [openai:asides cost]', async () => {
      const { store, another } = under()
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      const cost = { agentId, id: 'a', at: moment(1), model: 'm', usage: { promptTokens: 10, cachedTokens: 2, completionTokens: 3, costMicros: 7 }, latencyMs: 12 }
      await store.asideCosts.insert(cost)
      await another.asideCosts.insert({ ...cost, latencyMs: 99 })
      await store.asideCosts.insert({ ...cost, id: 'b' })
      await store.asideCosts.insert({ ...cost, agentId: other })
      expect([...(await another.asideCosts.list(agentId))].sort((one, two) => one.id.localeCompare(two.id))).toEqual([cost, { ...cost, id: 'b' }])
    })

    test('what an agent\'s asides have cost together is known, each of them once, however many are kept at a time [openai:asides cost]', async () => {
      const { store, another } = under()
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      const cost = { agentId, id: 'a', at: moment(1), model: 'm', usage: { promptTokens: 10, cachedTokens: 2, completionTokens: 3 }, latencyMs: 12 }
      const none = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }
      expect(await store.asideCosts.spent(agentId)).toEqual(none)
      await store.asideCosts.insert(cost)
      await another.asideCosts.insert(cost)
      expect(await another.asideCosts.spent(agentId)).toEqual({ ...cost.usage, unpriced: 1 })
      const priced = Array.from({ length: 12 }, (_, index) => ({ ...cost, id: `b${index % 9}`, usage: { ...cost.usage, costMicros: 7 } }))
      await Promise.all(priced.map((one, index) => (index % 2 === 0 ? store : another).asideCosts.insert(one)))
      expect(await store.asideCosts.spent(agentId)).toEqual({ promptTokens: 100, cachedTokens: 20, completionTokens: 30, costMicros: 63, unpriced: 1 })
      expect(await store.asideCosts.spent(other)).toEqual(none)
      await store.asideCosts.insert({ ...cost, agentId: other, usage: { ...cost.usage, costMicros: 7 } })
      expect(await store.asideCosts.spent(other)).toEqual({ ...cost.usage, costMicros: 7 })
      await store.eraseAgent(other)
      expect(await store.asideCosts.spent(other)).toEqual(none)
    })
  })

  describe('summaries', () => {
    test('the first summary under an operation stands [pressure:transaction]', async () => {
      const { summaries } = under().store
      const agentId = freshAgentId()
      const first: Summary = { agentId, op: `${agentId}/compaction/1`, text: 'So far …', tokens: 9, byModel: true, covers: 12, at: moment(2) }
      expect(await summaries.insert(first)).toEqual(first)
      expect(await summaries.insert({ ...first, text: 'Another', byModel: false })).toEqual(first)
      expect(await summaries.get(agentId, first.op)).toEqual(first)
      expect(await summaries.get(agentId, `${agentId}/compaction/2`)).toBeUndefined()
      expect(await summaries.get(freshAgentId(), first.op)).toBeUndefined()
    })

    test('knows the latest summary of each agent [pressure:transaction]', async () => {
      const { summaries } = under().store
      const agentId = freshAgentId()
      const summary = (owner: string, day: number): Summary => ({
        agentId: owner,
        op: `compaction/${day}`,
        text: `Until day ${day}`,
        tokens: 4,
        byModel: false,
        covers: day,
        at: moment(day),
      })
      expect(await summaries.latest(agentId)).toBeUndefined()
      for (const day of [1, 2, 10]) await summaries.insert(summary(agentId, day))
      await summaries.insert(summary(agentId, 1))
      await summaries.insert(summary(`${agentId}b`, 20))
      expect(await summaries.latest(agentId)).toEqual(summary(agentId, 10))
      expect(await summaries.list(agentId)).toEqual([1, 2, 10].map((day) => summary(agentId, day)))
    })
  })

  describe('turns', () => {
    test("a parked turn's record gives way to a later one of the same turn, and its end to none [turn:named-end]", async () => {
      const { turns } = under().store
      const agentId = freshAgentId()
      const parked = sampleOutcome(1, { end: 'parked', reason: 'model-refused', detail: 'Set another key.', replies: [] })
      await turns.put(agentId, parked)
      expect(await turns.get(agentId, 1)).toEqual(parked)
      await turns.put(agentId, sampleOutcome(1))
      await turns.put(agentId, sampleOutcome(1))
      // Of a worker that was stopped, and woke up when another had ended the turn.
      await turns.put(agentId, parked)
      expect(await turns.get(agentId, 1)).toEqual(sampleOutcome(1))
      expect(await turns.byEvent(agentId, 'event-1')).toEqual(sampleOutcome(1))
    })

    test('finds a turn by its event, of the agent asked for only [mailbox:dedupe]', async () => {
      const { turns } = under().store
      const [one, two] = [freshAgentId(), freshAgentId()]
      await turns.put(one, sampleOutcome(1, { eventId: 'same' }))
      await turns.put(two, sampleOutcome(4, { eventId: 'same' }))
      expect((await turns.byEvent(one, 'same'))?.turn).toBe(1)
      expect((await turns.byEvent(two, 'same'))?.turn).toBe(4)
      expect(await turns.get(one, 4)).toBeUndefined()
      expect(await turns.byEvent(one, 'unknown')).toBeUndefined()
    })

    test('reads the records of several turns of several agents at once; those without one are left out [live:watch]', async () => {
      const { turns } = under().store
      const [one, two] = [freshAgentId(), freshAgentId()]
      const parked = sampleOutcome(2, { end: 'parked', retryAt: 5 })
      await turns.put(one, sampleOutcome(1))
      await turns.put(one, parked)
      await turns.put(two, sampleOutcome(1))
      const found = await under().another.turns.each([{ agentId: one, turn: 2 }, { agentId: two, turn: 1 }, { agentId: two, turn: 2 }])
      expect(found.toSorted((a, b) => a.agentId.localeCompare(b.agentId, undefined, { numeric: true }))).toEqual([
        { agentId: one, turn: 2, outcome: parked },
        { agentId: two, turn: 1, outcome: sampleOutcome(1) },
      ])
    })

    test('reads the turns of several events of several agents at once; events without one are left out [updates:bounded]', async () => {
      const { turns } = under().store
      const [one, two] = [freshAgentId(), freshAgentId()]
      const parked = { eventId: 'same', end: 'parked', reason: 'model-refused' } as const
      await turns.put(one, sampleOutcome(1, { eventId: 'same' }))
      await turns.put(one, sampleOutcome(2, parked))
      await turns.put(two, sampleOutcome(4, parked))
      await turns.put(two, sampleOutcome(5, { eventId: 'other' }))
      const asked = [[one, 'same'], [two, 'same'], [one, 'other'], [two, 'unknown']].map(([agentId = '', eventId = '']) => ({ agentId, eventId }))
      const found = await under().another.turns.ofEvents(asked)
      expect(found.toSorted((a, b) => a.outcome.turn - b.outcome.turn)).toEqual([
        { agentId: one, outcome: sampleOutcome(1, { eventId: 'same' }) },
        { agentId: two, outcome: sampleOutcome(4, parked) },
      ])
    })

    test('of the turns of one event the latest that ended counts, and while none has, the latest [mailbox:dedupe turn:named-end]', async () => {
      const { turns } = under().store
      const agentId = freshAgentId()
      const parked = { eventId: 'same', end: 'parked', reason: 'model-refused' } as const
      const put = (turn: number, more: Partial<TurnOutcome>) => turns.put(agentId, sampleOutcome(turn, more))
      await put(10, parked)
      await put(9, parked)
      expect((await turns.byEvent(agentId, 'same'))?.turn).toBe(10)
      await put(2, { eventId: 'same', end: 'cancelled' })
      expect(await turns.byEvent(agentId, 'same')).toMatchObject({ turn: 2, end: 'cancelled' })
      await put(9, { eventId: 'same' })
      await put(11, parked)
      await put(12, { eventId: 'another' })
      expect(await turns.byEvent(agentId, 'same')).toMatchObject({ turn: 9, end: 'completed' })
    })
  })

  describe('checkpoints', () => {
    const sample = (agentId: string, name: string, human: string): Checkpoint => ({
      agentId,
      name,
      control: { queue: [[1, 7, 1, 0], [2, 30, 1, 1]], summary: { op: `${agentId}/compaction/1`, tokens: 9 } },
      blocks: { human, persona: 'I am Ada.' },
      instructions: 'Be kind.',
      at: moment(3),
    })

    test('a checkpoint replaces one of the same name, of its agent only', async () => {
      const { checkpoints } = under().store
      const [one, two] = [freshAgentId(), freshAgentId()]
      await checkpoints.put(sample(one, 'before', 'old'))
      await checkpoints.put(sample(two, 'before', 'other'))
      await checkpoints.put(sample(one, 'before', 'new'))
      await checkpoints.put(sample(one, `it's "100 %"`, 'new'))
      expect(await checkpoints.get(one, 'before')).toEqual(sample(one, 'before', 'new'))
      expect(await checkpoints.get(two, 'before')).toEqual(sample(two, 'before', 'other'))
      expect(await checkpoints.get(one, 'after')).toBeUndefined()
      const listed = await checkpoints.list(one)
      expect(listed).toHaveLength(2)
      expect(listed).toContainEqual({ name: 'before', at: moment(3) })
      expect(listed).toContainEqual({ name: `it's "100 %"`, at: moment(3) })
    })
  })
}
