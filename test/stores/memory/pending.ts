import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/protocol/events.ts'
import { initialState, type Counters } from '../../../src/protocol/state.ts'
import type { EndedTurn } from '../../../src/protocol/turn.ts'
import type { ScheduledTimer } from '../../../src/protocol/timers.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleAgent, sampleMessage, sampleOutcome } from './samples.ts'

const eventOf = (agentId: string, eventId: string, text = 'hello'): EventBody => ({ agentId, eventId, kind: 'user-message', text, sentAt: moment(1) })
const later = new Date(Date.now() + 3_600_000).toISOString()

/** What a new workflow of an agent takes up when the earlier one is lost. */
export function pendingPromises(under: () => MemoryUnderTest): void {
  const idsOf = async (agentId: string, limit = 100): Promise<readonly string[]> => (await under().store.events.pending(agentId, limit)).map(({ eventId }) => eventId)

  describe('pending events', () => {
    test('an event that was deposited is pending until its turn has ended; a parked turn has not [recover:from-stores]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      await store.events.deposit(eventOf(agentId, 'e-1', 'Grüße'), 'queue')
      expect(await another.events.pending(agentId, 10)).toEqual([{ eventId: 'e-1', kind: 'user-message', bytes: 7, since: expect.any(String) as string }])
      expect(await store.events.get(agentId, 'e-1')).toEqual(eventOf(agentId, 'e-1', 'Grüße'))
    })

    test('say that they have brought tools, which are kept as they are [tools:of-message]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const parameters = { type: 'object', properties: { $ref: { type: 'string' }, 'a.b': { enum: [1, null] } } }
      const event = { ...eventOf(agentId, 'e-1', 'Hi'), clientTools: [{ name: 'weather', description: 'The "weather".', parameters }] }
      expect(await store.events.deposit(event, 'queue')).toEqual({ body: event, fresh: true })
      expect(await another.events.pending(agentId, 10)).toMatchObject([{ eventId: 'e-1', tools: true }])
      expect(await another.events.get(agentId, 'e-1')).toEqual(event)
      await store.turns.put(agentId, sampleOutcome(1, { eventId: 'e-1', end: 'parked', reason: 'model-refused' }))
      expect(await idsOf(agentId)).toEqual(['e-1'])
      await store.turns.put(agentId, sampleOutcome(1, { eventId: 'e-1' }))
      expect(await idsOf(agentId)).toEqual([])
    })

    test('stand in the order in which they were deposited, each agent with its own [recover:from-stores]', async () => {
      const { events } = under().store
      const [one, two] = [freshAgentId(), freshAgentId()]
      for (const id of ['c', 'a', 'b']) {
        await events.deposit(eventOf(one, id), 'queue')
        await events.deposit(eventOf(two, `${id}-2`), 'queue')
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      expect(await idsOf(one)).toEqual(['c', 'a', 'b'])
      expect(await idsOf(two, 2)).toEqual(['c-2', 'a-2'])
    })

    test('the latest of them is known, another one than the event that asks [recover:from-stores]', async () => {
      const { events } = under().store
      const [agentId, other] = [freshAgentId(), freshAgentId()]
      expect(await events.latestPending(agentId, 'one')).toBeUndefined()
      for (const id of ['one', 'two', 'three']) {
        await events.deposit(eventOf(agentId, id), 'q')
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      await events.deposit(eventOf(other, 'four'), 'q')
      expect(await events.latestPending(agentId, 'new')).toBe('three')
      expect(await events.latestPending(agentId, 'three')).toBe('two')
      await events.withdraw(agentId, 'three')
      expect(await events.latestPending(agentId, 'one')).toBe('two')
    })

    test('one that was deposited again keeps its place and its text [mailbox:dedupe]', async () => {
      const { events } = under().store
      const agentId = freshAgentId()
      await events.deposit(eventOf(agentId, 'first'), 'queue')
      await new Promise((resolve) => setTimeout(resolve, 3))
      await events.deposit(eventOf(agentId, 'second'), 'queue')
      expect(await events.deposit(eventOf(agentId, 'first', 'something else'), 'queue')).toEqual({ body: eventOf(agentId, 'first'), fresh: false })
      expect(await idsOf(agentId)).toEqual(['first', 'second'])
    })

    test('one whose turn has ended is not pending again; one that was withdrawn is, when it is deposited again [mailbox:dedupe, recover:from-stores]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await store.events.deposit(eventOf(agentId, 'ended'), 'queue')
      await store.turns.put(agentId, sampleOutcome(1, { eventId: 'ended' }))
      await store.events.deposit(eventOf(agentId, 'refused'), 'queue')
      await store.events.withdraw(agentId, 'refused')
      expect(await idsOf(agentId)).toEqual([])
      await store.events.deposit(eventOf(agentId, 'ended'), 'queue')
      expect((await store.events.deposit(eventOf(agentId, 'refused'), 'queue')).fresh).toBe(true)
      expect(await idsOf(agentId)).toEqual(['refused'])
    })

    test('one that was withdrawn is not pending again for something else that is sent under its id [mailbox:dedupe]', async () => {
      const { events } = under().store
      const agentId = freshAgentId()
      const event = eventOf(agentId, 'refused')
      await events.deposit(event, 'queue')
      await events.withdraw(agentId, 'refused')
      const others: readonly EventBody[] = [{ ...event, text: 'something else' }, { ...event, kind: 'login' }, { ...event, clientTools: [{ name: 'weather', description: '', parameters: {} }] }]
      for (const other of others) expect(await events.deposit(other, 'queue')).toEqual({ body: event, fresh: false })
      expect(await idsOf(agentId)).toEqual([])
      expect(await events.deposit({ ...event, sentAt: moment(2) }, 'queue')).toEqual({ body: event, fresh: true })
      expect(await idsOf(agentId)).toEqual(['refused'])
    })

    test('one that was withdrawn is pending again by its id alone; one that was erased leaves nothing [mailbox:dedupe recover:from-stores]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await store.agents.create(sampleAgent(agentId))
      for (const id of ['withdrawn', 'ended']) await store.events.deposit(eventOf(agentId, id), 'queue')
      await store.turns.put(agentId, sampleOutcome(1, { eventId: 'ended' }))
      await store.events.withdraw(agentId, 'withdrawn')
      for (const id of ['withdrawn', 'ended', 'unknown']) await store.events.pendAgain(agentId, id, 'queue')
      expect(await idsOf(agentId)).toEqual(['withdrawn'])
      await store.eraseAgent(agentId)
      await store.events.pendAgain(agentId, 'withdrawn', 'queue')
      expect([await idsOf(agentId), await store.events.get(agentId, 'withdrawn')]).toEqual([[], undefined])
    })

    test('a body that was only put, such as the text of a timer, is not pending [recover:from-stores]', async () => {
      const { events } = under().store
      const agentId = freshAgentId()
      await events.put(eventOf(agentId, 'text'))
      expect(await idsOf(agentId)).toEqual([])
    })

    test('agents with pending events are found by their task queue and how long they have waited, each once [recover:from-stores]', async () => {
      const { events } = under().store
      const [one, two, other] = [freshAgentId(), freshAgentId(), freshAgentId()]
      for (const [agentId, queue] of [[one, 'q-1'], [two, 'q-1'], [other, 'q-2']] as const) {
        await events.deposit(eventOf(agentId, 'x'), queue)
        await events.deposit(eventOf(agentId, 'y'), queue)
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
      expect(await events.agentsWithPending({ taskQueue: 'q-1', before: later, limit: 10 })).toEqual([one, two])
      expect(await events.agentsWithPending({ taskQueue: 'q-1', before: later, limit: 1 })).toEqual([one])
      expect(await events.agentsWithPending({ taskQueue: 'q-1', before: moment(1), limit: 10 })).toEqual([])
      // By a clock that goes ahead.
      expect(await events.agentsWithPending({ taskQueue: 'q-1', before: moment(1), after: moment(2), limit: 10 })).toEqual([one, two])
      expect(await events.agentsWithPending({ taskQueue: 'q-1', before: moment(1), after: later, limit: 10 })).toEqual([])
    })

    test('an agent with a thousand pending events hides no other [recover:from-stores]', async () => {
      const { events } = under().store
      const [many, one] = [freshAgentId(), freshAgentId()]
      for (let start = 0; start < 1_001; start += 91) {
        await Promise.all(Array.from({ length: 91 }, (_, index) => events.deposit(eventOf(many, `e-${start + index}`), 'q-many')))
      }
      await new Promise((resolve) => setTimeout(resolve, 3))
      await events.deposit(eventOf(one, 'x'), 'q-many')
      expect(await events.agentsWithPending({ taskQueue: 'q-many', before: later, limit: 1_000 })).toEqual([many, one])
    })

    test('nothing of an erased agent is pending [recover:from-stores]', async () => {
      const { store } = under()
      const agentId = freshAgentId()
      await store.agents.create(sampleAgent(agentId))
      await store.events.deposit(eventOf(agentId, 'x'), 'q-erased')
      await store.timers.put({ agentId, taskQueue: 'q-erased', timers: [timerOf('tea', 5)] })
      await store.eraseAgent(agentId)
      expect(await idsOf(agentId)).toEqual([])
      expect(await store.events.agentsWithPending({ taskQueue: 'q-erased', before: later, limit: 10 })).toEqual([])
      expect(await store.timers.get(agentId)).toBeUndefined()
    })
  })

  describe('a turn that ends with the last result of its last step', () => {
    const begun = async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const counters: Counters = { ...initialState(agentId, {} as never).counters, turns: 1 }
      await store.events.deposit(eventOf(agentId, 'event-1'), 'q-ends')
      const result = sampleMessage(agentId, 3, 'Sent.', { op: `${agentId}/1/1/0`, turn: 1, step: 1, role: 'tool', ok: true, reply: 'Hi' })
      const outcome = sampleOutcome(1) as EndedTurn
      return { store, another, agentId, counters, result, outcome, end: () => store.turns.endWith(result, outcome, counters) }
    }
    const pendingOf = async (agentId: string) => (await under().another.events.pending(agentId, 10)).map(({ eventId }) => eventId)

    test('has both at once, and its event is pending no more [turn:named-end step:pairing]', async () => {
      const { another, agentId, counters, result, outcome, end } = await begun()
      await another.turns.put(agentId, sampleOutcome(1, { end: 'parked', reason: 'model-refused' }))
      expect(await end()).toBe(true)
      expect(await another.messages.byOp(agentId, result.op)).toEqual(result)
      expect(await another.turns.latestEnded(agentId)).toEqual({ outcome, counters })
      expect(await pendingOf(agentId)).toEqual([])
    })

    test('is not ended anew, nor said anything more in, where it has ended [turn:named-end recover:from-stores]', async () => {
      const { another, agentId, result, end } = await begun()
      const cancelled = sampleOutcome(1, { end: 'cancelled', replies: [] })
      await another.turns.put(agentId, cancelled)
      expect(await end()).toBe(false)
      expect(await another.messages.byOp(agentId, result.op)).toBeUndefined()
      expect(await another.turns.get(agentId, 1)).toEqual(cancelled)
    })

    test.each([
      ['the result is there, be it another one', (op: string) => ({ op, ok: false })],
      ['its number is another message\'s', () => ({ op: 'another' })],
    ])('has no end where %s [turn:named-end step:pairing]', async (_, change) => {
      const { another, agentId, result, end } = await begun()
      const there = await another.messages.insert({ ...result, ...change(result.op), text: 'There.' })
      expect(await end()).toBe(false)
      expect(await another.messages.after(agentId, 0, 10)).toEqual([there])
      expect(await another.turns.get(agentId, 1)).toBeUndefined()
      expect(await pendingOf(agentId)).toEqual(['event-1'])
    })

    test('whoever comes at the same time, one has ended it [turn:named-end step:pairing]', async () => {
      const { store, another, agentId, counters, result, outcome } = await begun()
      const ends = await Promise.all([store, another, store].map(({ turns }) => turns.endWith(result, outcome, counters)))
      expect(ends.filter(Boolean)).toHaveLength(1)
      expect(await another.messages.count(agentId)).toBe(1)
    })
  })

  describe('counters', () => {
    test('the latest turn that has ended has those of its end [recover:from-stores]', async () => {
      const { turns } = under().store
      const agentId = freshAgentId()
      const counters: Counters = { ...initialState(agentId, {} as never).counters, turns: 9, steps: 11, costMicros: 70 }
      expect(await turns.latestEnded(agentId)).toBeUndefined()
      await turns.put(agentId, sampleOutcome(9), { ...counters, turns: 8 })
      await turns.put(agentId, sampleOutcome(10), counters)
      await turns.put(`${agentId}b`, sampleOutcome(11), counters)
      expect(await turns.latestEnded(agentId)).toEqual({ outcome: sampleOutcome(10), counters })
      expect(await turns.get(agentId, 10)).toEqual(sampleOutcome(10))
      await turns.put(agentId, sampleOutcome(12))
      await turns.put(agentId, sampleOutcome(13, { end: 'parked', reason: 'model-refused' }))
      expect(await turns.latestEnded(agentId)).toEqual({ outcome: sampleOutcome(12) })
    })
  })

  describe('timers', () => {
    test('are kept as they were last put, and found when they are overdue [event:timers, recover:from-stores]', async () => {
      const { store, another } = under()
      const [one, two] = [freshAgentId(), freshAgentId()]
      const set = { agentId: one, taskQueue: 'q-timers', timers: [timerOf('tea', 2_000), timerOf('bread', 1_000)] }
      await store.timers.put({ ...set, timers: [] })
      await store.timers.put(set)
      await store.timers.put({ agentId: two, taskQueue: 'q-timers', timers: [timerOf('tea', 3_000)] })
      expect(await another.timers.get(one)).toEqual(set)
      expect(await another.timers.get(freshAgentId())).toBeUndefined()
      expect(await store.timers.agentsWithDue({ taskQueue: 'q-timers', before: 1_000, limit: 10 })).toEqual([])
      expect(await store.timers.agentsWithDue({ taskQueue: 'q-timers', before: 5_000, limit: 10 })).toEqual([one, two])
      await store.timers.put({ ...set, timers: [] })
      expect(await store.timers.agentsWithDue({ taskQueue: 'q-timers', before: 5_000, limit: 10 })).toEqual([two])
    })
  })
}

const timerOf = (id: string, dueAt: number): ScheduledTimer => ({ id, at: dueAt, dueAt, bytes: 3, body: `timer-text:${id}`, firings: 0 })
