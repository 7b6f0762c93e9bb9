import { afterAll, describe, expect, test, vi } from 'vitest'
import type { FaultPointName } from '../../src/activities/fault-point.ts'
import type { TurnResult } from '../../src/client/types.ts'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { describeWithServer, isUnavailable } from '../servers/require-server.ts'
import { audit } from './support/audit.ts'
import { hangOnce, inferencesOf, summariesOf } from './support/model-of-moves.ts'
import { successors, type Successor } from './support/recovery.ts'
import { goOnIn, pidOfHolder, replace, startDoomed, startWorkers } from './support/successor.ts'
import { embedded, startServers, type StoreSet } from './support/store-sets.ts'
import { inWorld } from './support/world.ts'

const servers = await startServers()
afterAll(async () => {
  if (!isUnavailable(servers)) await servers.stop()
})

/** Most of it may be the wait for a slot, where all of these run at once. */
const timeout = 600_000
const patience = { timeout: 60_000, interval: 50 }

/** A turn with an effect of each kind: on core memory, in archival memory, outside, and an answer. */
const everyEffect = (): readonly ScriptedStep[] => [
  [call('core_memory_append', { label: 'human', content: 'Name: Ada' }), call('ring_bell', {}, { heartbeat: true })],
  call('archival_memory_insert', { content: 'Ada likes engines.' }, { heartbeat: true }),
  say('Hello Ada.'),
]

/** One turn in which the worker dies at a point, and goes on in the next worker's hands. */
async function dieAt(point: FaultPointName, stores: StoreSet, successor: Successor): Promise<void> {
  await inWorld({ row: `worker-${point}`, successor, point, stores, moves: everyEffect }, async (world) => {
    const { client, agentId, model } = world
    const doomed = await startDoomed(world, successor)
    const answer = client.send(agentId, 'I am Ada.', { eventId: 'ada' })
    expect(await doomed.died).toBe('SIGKILL')
    await doomed.goOn()
    expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello Ada.'], figures: { steps: 3 } })
    const { effects, passages, blockVersions } = await audit(world, { ada: 'I am Ada.' })
    expect({ effects: effects.length, passages: passages.length, edits: blockVersions.filter(({ version }) => version > 1).length }).toEqual({ effects: 1, passages: 1, edits: 1 })
    expect(inferencesOf(model)).toHaveLength(3)
  })
}

/** Enough conversation for a compaction, in the middle of which the worker dies; then some more. */
async function dieWhileCompacting(point: 'compaction-summarised' | 'compaction-stored', stores: StoreSet, successor: Successor): Promise<void> {
  await inWorld({ row: `worker-${point}`, successor, point, stores, contextWindow: 4_000 }, async (world) => {
    const { client, agentId, model } = world
    const sent: Record<string, string> = {}
    const tell = (): Promise<TurnResult> => {
      const eventId = `part-${Object.keys(sent).length + 1}`
      sent[eventId] = `${eventId}: ${'Once upon a time an engine dreamt of numbers. '.repeat(30)}`
      return client.send(agentId, sent[eventId], { eventId })
    }
    const doomed = await startDoomed(world, successor)
    const turns: Promise<TurnResult>[] = []
    let alive = true
    while (alive && turns.length < 20) {
      const turn = tell()
      turns.push(turn)
      alive = await Promise.race([turn.then(() => true), doomed.died.then(() => false)])
    }
    expect(await doomed.died).toBe('SIGKILL')
    await doomed.goOn()
    turns.push(tell())
    for (const { end, replyTexts } of await Promise.all(turns)) expect({ end, replies: replyTexts.length }).toEqual({ end: 'completed', replies: 1 })
    const { counters, evicted } = await client.state(agentId)
    expect({ compactions: counters.compactions, evicted: evicted > 0 }).toEqual({ compactions: 1, evicted: true })
    await audit(world, sent)
    expect(summariesOf(model)).toHaveLength(point === 'compaction-summarised' ? 2 : 1)
  })
}

/** The worker dies while the model thinks, when what is new was recorded by itself. */
async function dieWithTheEventRecorded(stores: StoreSet, successor: Successor): Promise<void> {
  const hanging = hangOnce(say('Hello.'))
  await inWorld({ row: 'worker-news-recorded', successor, point: 'news-recorded', stores, moves: () => [hanging] }, async (world) => {
    const doomed = await startDoomed(world, successor)
    const answer = world.client.send(world.agentId, 'Hi', { eventId: 'hi' })
    expect(await doomed.died).toBe('SIGKILL')
    expect((await world.client.messages(world.agentId)).map(({ eventId }) => eventId)).toEqual(['hi'])
    await doomed.goOn()
    expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    await audit(world, { hi: 'Hi' })
    expect(inferencesOf(world.model)).toHaveLength(2)
  })
}

describe.concurrent.each(successors)('a worker that is killed, another %s, memory embedded', { timeout }, (successor) => {
  test('loses no message that was accepted [mailbox:durable]', async () => {
    await inWorld({ row: 'worker-accepted', successor }, async (world) => {
      const workers = await startWorkers(world, successor)
      const { eventId } = await world.client.post(world.agentId, 'Hi', { eventId: 'hi' })
      const holder = await pidOfHolder(world)
      await workers.find(({ pid }) => pid === holder)?.kill()
      await goOnIn(world, successor)
      expect(await world.client.outcome(world.agentId, eventId)).toMatchObject({ end: 'completed', replyTexts: ['done: Hi'] })
      await audit(world, { hi: 'Hi' })
    })
  })

  test('while the model thinks: the next worker asks again', async () => {
    const hanging = hangOnce(say('Hello.'))
    await inWorld({ row: 'worker-thinking', successor, moves: () => [hanging] }, async (world) => {
      const worker = await world.startWorker()
      const answer = world.client.send(world.agentId, 'Hi', { eventId: 'hi' })
      await vi.waitUntil(() => world.model.requests.length === 1, patience)
      await replace(world, worker, successor)
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
      await audit(world, { hi: 'Hi' })
      expect(inferencesOf(world.model)).toHaveLength(2)
    })
  })

  test('while the model thinks, with the event in recall: it is there once, and the step stands behind it [mailbox:durable step:pairing]', () => dieWithTheEventRecorded(embedded, successor))
  test('with the inference stored and not reported: it is not paid for again', () => dieAt('inference-stored', embedded, successor))
  test('with a tool outside run and not recorded: it is not run again [step:pairing]', () => dieAt('tool-run', embedded, successor))
  test('with a short tool run and not recorded: its edit is one edit [step:pairing]', () => dieAt('short-tool-run', embedded, successor))
  test('with results recorded and not reported: each call keeps its one result [step:pairing]', () => dieAt('step-settled', embedded, successor))
  test('with the turn recorded and not ended: it ends once [turn:named-end]', () => dieAt('turn-recorded', embedded, successor))
  test('with a summary made and not stored: it is made again, the old context stands till then [pressure:transaction]', () =>
    dieWhileCompacting('compaction-summarised', embedded, successor))
  test('with a summary stored and not reported: that summary counts [pressure:transaction]', () => dieWhileCompacting('compaction-stored', embedded, successor))

  test('in the middle of a tool that is not idempotent: the model learns that the outcome is unknown, and it is not run again [step:at-most-once]', async () => {
    const moves = (): readonly ScriptedStep[] => [call('ring_bell', { hold: true }), say('I do not know whether it rang.')]
    await inWorld({ row: 'worker-tool-middle', successor, moves }, async (world) => {
      const worker = await world.startWorker()
      const answer = world.client.send(world.agentId, 'Ring!', { eventId: 'ring' })
      await vi.waitUntil(() => world.effects().length === 1, patience)
      await replace(world, worker, successor)
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['I do not know whether it rang.'] })
      const { messages, effects } = await audit(world, { ring: 'Ring!' })
      expect(messages.find(({ toolName }) => toolName === 'ring_bell')).toMatchObject({ ok: false, text: expect.stringContaining('outcome unknown') as string })
      expect(effects).toHaveLength(1)
    })
  })
})

describe('no worker', { timeout }, () => {
  test('is not needed to take a signal: the next worker handles it [event:user-signal mailbox:durable]', async () => {
    await inWorld({ row: 'worker-none' }, async (world) => {
      await world.client.signal(world.agentId, 'Anybody there?', { eventId: 'one' })
      await world.client.signal(world.agentId, 'Still nobody?', { eventId: 'two' })
      await world.startWorker()
      expect(await world.client.outcome(world.agentId, 'two')).toMatchObject({ end: 'completed', replyTexts: ['done: Still nobody?'] })
      await audit(world, { one: 'Anybody there?', two: 'Still nobody?' })
    })
  })
})

describeWithServer('a worker that is killed, memory in servers', servers, (stores) => {
  describe.concurrent('in one turn', { timeout }, () => {
    test('while the model thinks, with the event in recall: it is there once, and the step stands behind it [mailbox:durable step:pairing]', () => dieWithTheEventRecorded(stores, 'is started'))
    test('with the inference stored and not reported: it is not paid for again', () => dieAt('inference-stored', stores, 'is started'))
    test('with a tool outside run and not recorded: it is not run again [step:pairing]', () => dieAt('tool-run', stores, 'is started'))
    test('with a summary stored and not reported: that summary counts [pressure:transaction]', () => dieWhileCompacting('compaction-stored', stores, 'is started'))
  })
})
