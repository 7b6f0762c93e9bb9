import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import type { FaultPointName } from '../../src/activities/fault-point.ts'
import { opOf } from '../../src/protocol/ids.ts'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { gate } from '../support/gate.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { audit } from './support/audit.ts'
import { inferencesOf, summariesOf } from './support/model-of-moves.ts'
import { untilStopped } from './support/stopped.ts'
import { inWorld, type World } from './support/world.ts'
import type { WorkerProcess } from './support/worker.ts'

const timeout = 240_000
const patience = { timeout: 60_000, interval: 50 }
/** Longer than heartbeats, the sticky queue and a workflow task may be missed: 6, 3 and 10 seconds. */
const longStopMs = 14_000
/** What a stopped worker takes to finish what it was at. */
const wakingMs = 3_000

/** A turn with an effect of each kind. */
const everyEffect = (): readonly ScriptedStep[] => [
  [call('core_memory_append', { label: 'human', content: 'Name: Ada' }), call('ring_bell', {}, { heartbeat: true })],
  call('archival_memory_insert', { content: 'Ada likes engines.' }, { heartbeat: true }),
  say('Hello Ada.'),
]

async function wake(worker: WorkerProcess): Promise<void> {
  worker.send('SIGCONT')
  await sleep(wakingMs)
}

/** A worker stops at a point; another takes over and ends the turn; then the first wakes up, and finishes what it was at. */
async function zombieAt(point: FaultPointName, inferences = 3): Promise<void> {
  await inWorld({ row: `stopped-${point}`, point: `${point}:stop`, moves: everyEffect }, async (world) => {
    const { client, agentId, model } = world
    const zombie = await world.startWorker()
    const answer = client.send(agentId, 'I am Ada.', { eventId: 'ada' })
    await untilStopped(zombie.pid)
    world.strikes.strike()
    await world.startWorker()
    await answer
    // What Temporal hands to the sleeper is lost for a while: the turn may have been parked meanwhile, and goes on by itself.
    await vi.waitUntil(async () => (await client.state(agentId)).counters.turns === 1, { timeout: 120_000, interval: 200 })
    expect(await client.send(agentId, 'I am Ada.', { eventId: 'ada' })).toMatchObject({ end: 'completed', replyTexts: ['Hello Ada.'], figures: { steps: 3 } })
    const before = await client.messages(agentId)
    await wake(zombie)
    expect(await client.messages(agentId)).toEqual(before)
    const { effects, passages, blockVersions } = await audit(world, { ada: 'I am Ada.' })
    expect({ effects: effects.length, passages: passages.length, edits: blockVersions.filter(({ version }) => version > 1).length }).toEqual({ effects: 1, passages: 1, edits: 1 })
    expect(inferencesOf(model).length).toBeLessThanOrEqual(inferences)
  })
}

/** By a process of its own: the one that runs this test waits for locks of the file that the stopped worker may hold. */
async function stopsAgainAndAgain(pid: number): Promise<{ over(): boolean }> {
  const times = 5
  // Longer than the Temporal SDK lets a workflow's code run where it is not told otherwise.
  const loop = `for i in $(seq ${times}); do sleep 0.$i; kill -STOP ${pid} && sleep 5.6; kill -CONT ${pid}; done`
  const shell = spawn('sh', ['-c', loop], { stdio: 'ignore' })
  let over = false
  shell.once('close', () => (over = true))
  await once(shell, 'spawn')
  return { over: () => over }
}

/** The bell's call in a world where its claimer was stopped: unknown to the model, and what the sleeper did afterwards changes nothing. */
async function judgeUnknown(world: World, rings: number): Promise<void> {
  const { messages, effects } = await audit(world, { ring: 'Ring!' })
  const result = messages.find(({ toolName }) => toolName === 'ring_bell')
  expect(result).toMatchObject({ ok: false, text: expect.stringContaining('outcome unknown') as string })
  expect(effects).toHaveLength(rings)
  const claim = await world.stores.memory.claims.get(world.agentId, opOf.call(opOf.step(world.agentId, 1, 1), 0))
  expect(claim?.outcome).toMatchObject({ ok: false, text: result?.text })
}

describe.concurrent('a worker that is stopped, and wakes up when another has taken over', { timeout }, () => {
  test('before it asks the model changes nothing: its answer comes second [step:pairing]', () => zombieAt('inference-running', 4))
  test('with the inference stored changes nothing [step:pairing]', () => zombieAt('inference-stored'))
  test('with a tool outside run and its outcome stored changes nothing [step:at-most-once step:pairing]', () => zombieAt('tool-run'))
  test('with a short tool run and its result not recorded changes nothing: the result stands once [step:pairing]', () => zombieAt('short-tool-run'))
  test('with all results recorded changes nothing [step:pairing]', () => zombieAt('step-settled'))
  test('with the turn recorded changes nothing: the turn ends once [turn:named-end]', () => zombieAt('turn-recorded'))

  test('between the claim of a tool that is not idempotent and its run: the model learns that the outcome is unknown, and the effect happens once at the most [step:at-most-once]', async () => {
    const moves = (): readonly ScriptedStep[] => [call('ring_bell', {}), say('I do not know whether it rang.')]
    await inWorld({ row: 'stopped-tool-claimed', point: 'tool-claimed:stop', moves }, async (world) => {
      const zombie = await world.startWorker()
      const answer = world.client.send(world.agentId, 'Ring!', { eventId: 'ring' })
      await untilStopped(zombie.pid)
      world.strikes.strike()
      await world.startWorker()
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['I do not know whether it rang.'] })
      await wake(zombie)
      await judgeUnknown(world, world.effects().length)
      expect(world.effects().length).toBeLessThanOrEqual(1)
    })
  })

  test('in the middle of a tool that is not idempotent: its late outcome does not overwrite what the model was told [step:at-most-once]', async () => {
    const folder = await temporaryFolder()
    const until = join(folder.path, 'rung')
    const moves = (): readonly ScriptedStep[] => [call('ring_bell', { until }), say('I do not know whether it rang.')]
    await inWorld({ row: 'stopped-tool-middle', moves }, async (world) => {
      const zombie = await world.startWorker()
      const answer = world.client.send(world.agentId, 'Ring!', { eventId: 'ring' })
      await vi.waitUntil(() => world.effects().length === 1, patience)
      zombie.send('SIGSTOP')
      world.strikes.strike()
      await world.startWorker()
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['I do not know whether it rang.'] })
      writeFileSync(until, '')
      await wake(zombie)
      await judgeUnknown(world, 1)
    }).finally(() => folder.remove())
  })

  test('with a summary made and not stored: the other summary counts [pressure:transaction]', async () => {
    await inWorld({ row: 'stopped-compaction', point: 'compaction-summarised:stop', contextWindow: 4_000 }, async (world) => {
      const { client, agentId, model } = world
      const zombie = await world.startWorker()
      const sent: Record<string, string> = {}
      const stopped = untilStopped(zombie.pid)
      const turns: Promise<unknown>[] = []
      let runs = true
      while (runs && turns.length < 20) {
        const eventId = `part-${turns.length + 1}`
        sent[eventId] = `${eventId}: ${'Once upon a time an engine dreamt of numbers. '.repeat(30)}`
        const turn = client.send(agentId, sent[eventId], { eventId })
        turns.push(turn)
        runs = await Promise.race([turn.then(() => true), stopped.then(() => false)])
      }
      await stopped
      world.strikes.strike()
      await world.startWorker()
      await Promise.all(turns)
      // It is made between two turns, so the last turn may have ended before.
      await vi.waitUntil(async () => (await world.stores.memory.summaries.list(agentId)).length > 0, { timeout: 120_000, interval: 200 })
      const before = await world.stores.memory.summaries.list(agentId)
      await wake(zombie)
      expect(await world.stores.memory.summaries.list(agentId)).toEqual(before)
      await audit(world, sent)
      expect(summariesOf(model)).toHaveLength(2)
    })
  })

  test('again and again, while it runs the workflows of many agents, goes on: no process ends by itself [mailbox:durable]', async () => {
    await inWorld({ row: 'stopped-again', contextWindow: 4_000 }, async (world) => {
      const { client, agentId } = world
      const worker = await world.startWorker()
      const others = Array.from({ length: 8 }, (_, index) => `${agentId}-${index}`)
      for (const id of others) await client.create({ id, model: 'scripted', contextWindow: 4_000 })
      const stops = await stopsAgainAndAgain(worker.pid)
      const sent: Record<string, string> = {}
      const talk = async (id: string): Promise<void> => {
        for (let index = 1; !stops.over(); index += 1) {
          const eventId = `part-${index}`
          const text = `${eventId}: ${'Once upon a time. '.repeat(20)}`
          if (id === agentId) sent[eventId] = text
          await client.send(id, text, { eventId })
        }
      }
      await Promise.all([agentId, ...others].map(talk))
      // A process that ended by itself would be noted as a fault.
      expect(await Promise.race([worker.died, Promise.resolve('alive')])).toBe('alive')
      await audit(world, sent)
    })
  })

  test('while it is the only one goes on where it was: nothing is done again [mailbox:durable]', async () => {
    const thought = gate()
    const second = async (): Promise<ScriptedOutcome> => {
      await thought.opened
      return say('Hello.')
    }
    await inWorld({ row: 'stopped-only-worker', moves: () => [call('ring_bell', {}, { heartbeat: true }), second] }, async (world) => {
      const { client, agentId, model } = world
      const worker = await world.startWorker()
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
      worker.send('SIGSTOP')
      world.strikes.strike()
      thought.open()
      await sleep(longStopMs)
      worker.send('SIGCONT')
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
      const { effects } = await audit(world, { hi: 'Hi' })
      expect(effects).toHaveLength(1)
    })
  })
})
