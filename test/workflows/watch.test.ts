import { afterEach, describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { createClient } from '../../src/client/client.ts'
import { call, say, scriptedModel, think, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

async function begin(approval: readonly string[], ...steps: readonly ScriptedStep[]): Promise<Agents> {
  agents = await startAgents({ model: scriptedModel(steps) })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'core_memory_append'], approval: [...approval] })
  return agents
}

/** Until, and with, the end of so many turns. */
async function eventsOf(watched: AsyncIterable<TurnEvent>, turns: number): Promise<readonly TurnEvent[]> {
  const events: TurnEvent[] = []
  for await (const event of watched) {
    events.push(event)
    if (event.type === 'end' && (turns -= 1) === 0) break
  }
  return events
}

/** What follows from what is stored: the same for everybody. */
const durable = (events: readonly TurnEvent[]): readonly TurnEvent[] => events.filter(({ type }) => ['turn', 'step', 'message', 'end'].includes(type))
const typesOf = (events: readonly TurnEvent[]): readonly string[] => durable(events).map(({ type }) => type)

const oneTurn = ['turn', 'message', 'step', 'message', 'message', 'end']

describe('one who watches an agent', () => {
  test('is told of turns, steps, messages and ends in their order, whoever sends [live:watch]', async () => {
    const { client, agentId } = await begin([], say('Hello Ada.'), think('Nothing to do.'), say('Bye.'))
    const watched = client.watch(agentId)
    const sent = await client.send(agentId, 'Hi, I am Ada.')
    await client.signal(agentId, 'Note this.', { kind: 'system-message' })
    await client.post(agentId, 'Bye!', { eventId: 'bye' })
    const events = await eventsOf(watched, 3)
    expect(typesOf(events)).toEqual([...oneTurn, 'turn', 'message', 'step', 'message', 'end', ...oneTurn])
    expect(events[0]).toMatchObject({ type: 'turn', turn: 1, event: { id: sent.eventId, kind: 'user-message' } })
    expect(events.flatMap((event) => (event.type === 'message' ? [event.message] : []))).toEqual(await client.messages(agentId))
    expect(events.findLast(({ type }) => type === 'end')).toMatchObject({ turn: 3, eventId: 'bye', end: 'completed', figures: { steps: 1 } })
    const { end, figures, replies } = sent
    expect(events.find(({ type }) => type === 'end')).toMatchObject({ turn: 1, end, figures, replies })
  })

  test('resumes at any number, and at any event, without gap or repetition [live:watch]', async () => {
    const { client, agentId } = await begin([], say('One.'), say('Two.'), say('Three.'))
    for (const text of ['1', '2', '3']) await client.send(agentId, text)
    const all = await eventsOf(client.watch(agentId, { after: 0 }), 3)
    expect(typesOf(all)).toEqual([...oneTurn, ...oneTurn, ...oneTurn])
    for (const [index, event] of all.entries()) {
      const left = all.slice(index + 1).filter(({ type }) => type === 'end').length
      if (left === 0) continue
      const rest = await eventsOf(client.watch(agentId, { after: event.id }), left)
      expect(rest).toEqual(all.slice(index + 1))
    }
    const last = all.findLast((event) => event.type === 'message')
    expect(typesOf(await eventsOf(client.watch(agentId, { after: last?.seq ?? 0 }), 1))).toEqual(['end'])
  })

  test('begins in the past and goes on in the present, as others who came before [live:watch]', async () => {
    const { client, agentId } = await begin([], say('One.'), say('Two.'), say('Three.'))
    await client.send(agentId, '1')
    const early = eventsOf(client.watch(agentId, { after: 0 }), 3)
    await client.send(agentId, '2')
    const late = eventsOf(client.watch(agentId, { after: 0 }), 3)
    await client.send(agentId, '3')
    expect(durable(await late)).toEqual(durable(await early))
  })

  test('is told what the agent stands still for, also when it came later, and how it went on [live:watch]', async () => {
    const { client, agentId } = await begin(['send_message'], say('Hello.'))
    const early = eventsOf(client.watch(agentId), 1)
    await client.send(agentId, 'Hi', { eventId: 'hi' })
    const [call] = await client.waiting(agentId)
    const late = client.watch(agentId)
    const standstill = [
      { type: 'waiting', turn: 1, calls: [{ op: call?.op, name: 'send_message', for: 'approval' }] },
      { type: 'parked', turn: 1, eventId: 'hi', reason: 'approval', retryAt: Date.parse(call?.until ?? '') },
    ]
    expect([(await late.next()).value, (await late.next()).value]).toMatchObject(standstill)
    const rest = eventsOf(late, 1)
    await client.approve(agentId, call?.op ?? '')
    expect((await rest).map(({ type }) => type)).toEqual(['message', 'end'])
    const events = await early
    expect(events.map(({ type }) => type)).toEqual(['turn', 'message', 'step', 'message', 'waiting', 'parked', 'message', 'end'])
    expect(events.slice(4, 6)).toMatchObject(standstill)
    expect((await eventsOf(client.watch(agentId, { after: 0 }), 1)).map(({ type }) => type)).toEqual(['turn', 'message', 'step', 'message', 'message', 'end'])
  })

  test('is told that a block was written, by the agent and by a person [live:watch]', async () => {
    const { client, agentId } = await begin([], say('Hi.'), call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }), say('Hello Ada.'))
    await client.send(agentId, 'Hi')
    const told: TurnEvent[] = []
    for await (const event of client.watch(agentId, { after: 0 })) {
      told.push(event)
      if (event.type === 'end' && event.turn === 1) await client.post(agentId, 'I am Ada.')
      if (event.type === 'end' && event.turn === 2) await client.editBlock(agentId, 'persona', 'I am kind.')
      if (event.type === 'memory' && event.label === 'persona') break
    }
    const latest = async (label: string): Promise<number | undefined> => (await client.blockHistory(agentId, label))[0]?.version
    expect(told.filter(({ type }) => type === 'memory')).toMatchObject([
      { label: 'human', version: await latest('human') },
      { label: 'persona', version: await latest('persona') },
    ])
  })

  test('leaves at once by the signal, or by return, while nothing happens [live:watch]', async () => {
    const { client, agentId } = await begin([])
    const gone = new AbortController()
    const signalled = client.watch(agentId, { signal: gone.signal })[Symbol.asyncIterator]()
    const returned = client.watch(agentId)
    const waiting = [signalled.next(), returned.next()]
    gone.abort()
    await returned.return?.()
    expect(await Promise.all(waiting)).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }])
  })

  test('who goes on after an event of an earlier agent of the name is told so, and of the present one from its beginning [live:watch agent:generations]', async () => {
    const { client, agentId } = await begin([], say('One.'), say('Two.'), say('New one.'), say('New two.'), say('New three.'))
    for (const text of ['1', '2']) await client.send(agentId, text)
    const earlier = await eventsOf(client.watch(agentId, { after: 0 }), 2)
    expect(earlier.map(({ id }) => id).filter((id) => id.includes('~'))).toEqual([])
    await client.delete(agentId)
    const { agent } = await client.create({ id: agentId, model: 'scripted', tools: ['send_message'] })
    for (const text of ['3', '4', '5']) await client.send(agentId, text)

    // As long as the earlier one, shorter than it, and its very first event: none of them is a place of this one.
    const all = await eventsOf(client.watch(agentId, { after: 0 }), 3)
    expect([typesOf(all), all[0]]).toMatchObject([[...oneTurn, ...oneTurn, ...oneTurn], { id: '2~1.turn' }])
    for (const event of earlier) {
      const [first, ...rest] = await eventsOf(client.watch(agentId, { after: event.id }), 3)
      expect([event.id, first, rest]).toEqual([event.id, { type: 'replaced', id: '2~0', key: agent.key }, all])
    }
    for (const [index, event] of all.entries()) {
      const left = all.slice(index + 1)
      if (left.length > 0) expect(await eventsOf(client.watch(agentId, { after: event.id }), left.filter(({ type }) => type === 'end').length)).toEqual(left)
    }
    expect(await eventsOf(client.watch(agentId, { after: '2~0' }), 3)).toEqual(all)
    // A number is of whichever agent there is.
    const second = all.find((event) => event.type === 'message' && event.seq === 2)
    expect((await eventsOf(client.watch(agentId, { after: 2 }), 1))[0]).toEqual(all[all.indexOf(second ?? expect.fail()) + 1])
    for (const after of ['2~99', '3~1', 99]) await expect(client.watch(agentId, { after }).next()).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('hears that the agent is no more [live:watch]', async () => {
    const { client, agentId } = await begin([], say('One.'))
    await client.send(agentId, '1')
    const deleted = eventsOf(client.watch(agentId), 1)
    const heard = expect(deleted).rejects.toMatchObject({ code: 'agent-unknown' })
    await client.delete(agentId)
    await heard
    await expect(eventsOf(client.watch('nobody-at-all'), 1)).rejects.toMatchObject({ code: 'agent-unknown' })
    await expect(eventsOf(client.watch(agentId, { after: 'soon' }), 1)).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})

test('stores that are away while one begins are waited for, and nothing is told twice [live:watch]', async () => {
  const { stores, temporal, taskQueue, agentId, client } = await begin([], say('One.'), say('Two.'))
  await client.send(agentId, '1')
  await client.send(agentId, '2')
  const { messages } = stores.memory
  let asked = 0
  // These questions find it away: for where one begins, for where the agent stands, and for what lies between.
  const unsteadily = <Question extends unknown[], Answer>(ask: (...question: Question) => Promise<Answer>) => (...question: Question): Promise<Answer> =>
    [1, 3, 5].includes((asked += 1)) ? Promise.reject(new PerdureError('server-unavailable', 'the store is away')) : ask(...question)
  const unsteady: typeof messages = { ...messages, search: unsteadily((...question) => messages.search(...question)), after: unsteadily((...question) => messages.after(...question)) }
  const memory = new Proxy(stores.memory, { get: (target, key, receiver) => (key === 'messages' ? unsteady : (Reflect.get(target, key, receiver) as unknown)) })
  const watching = createClient({ temporal, taskQueue, stores: { ...stores, memory } })
  const events = await eventsOf(watching.watch(agentId, { after: 0 }), 2)
  expect(typesOf(events)).toEqual([...oneTurn, ...oneTurn])
  expect(asked).toBeGreaterThan(6)
})

test('a thousand who watch one agent cost one reader of the stores [live:watch]', async () => {
  const { stores, temporal, taskQueue, agentId, client } = await begin([], call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true }), say('Hello.'))
  let reads = 0
  const { messages } = stores.memory
  const afterEach: typeof messages.afterEach = (...asked) => {
    reads += 1
    return messages.afterEach(...asked)
  }
  const memory = new Proxy(stores.memory, { get: (target, key, receiver) => (key === 'messages' ? { ...messages, afterEach } : (Reflect.get(target, key, receiver) as unknown)) })
  const watching = createClient({ temporal, taskQueue, stores: { ...stores, memory } })
  const watched = Array.from({ length: 1_000 }, () => eventsOf(watching.watch(agentId, { after: 0 }), 1))
  await client.send(agentId, 'Hi')
  const told = new Set((await Promise.all(watched)).map((events) => JSON.stringify(durable(events))))
  expect(told.size).toBe(1)
  expect(reads).toBeGreaterThan(0)
  expect(reads).toBeLessThan(1_000)
})
