import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import type { FaultPointName } from '../../src/activities/fault-point.ts'
import type { CallToAnswer } from '../../src/client/call-to-answer.ts'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { startTemporal } from '../servers/temporal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { inWorld, type World, type WorldOptions } from './support/world.ts'

const timeout = 240_000
const patience = { timeout: 90_000, interval: 50 }

/** A bell that may not ring twice, after a person's word; beside it an edit that waits with it. */
const ringing = (): readonly ScriptedStep[] => [[call('ring_bell', {}, { heartbeat: true }), call('core_memory_append', { label: 'human', content: 'Name: Ada' })], say('Hello Ada.')]

const waitingWorld = (options: WorldOptions, body: (world: World) => Promise<void>): Promise<void> =>
  inWorld({ moves: ringing, approval: ['ring_bell'], ...options }, body)

/** Sends what leads to the call, and gives it when it waits. */
async function askFor({ client, agentId }: World): Promise<CallToAnswer> {
  const turn = await client.send(agentId, 'I am Ada.', { eventId: 'ada' })
  expect(turn).toMatchObject({ end: 'parked', reason: 'approval' })
  const [waiting] = await client.waiting(agentId)
  if (waiting === undefined) throw new Error('no call waits')
  return waiting
}

async function expectRung(world: World, rings: number): Promise<void> {
  expect(await world.client.outcome(world.agentId, 'ada', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Hello Ada.'], figures: { steps: 2 } })
  const { effects } = await audit(world, { ada: 'I am Ada.' })
  expect({ rings: effects.length, requests: inferencesOf(world.model).length }).toEqual({ rings, requests: 2 })
}

/** The worker dies at a point that lies after the approval. */
async function dieAt(point: FaultPointName, row: string): Promise<void> {
  await waitingWorld({ row, point }, async (world) => {
    const doomed = await world.startWorker()
    const { op } = await askFor(world)
    await world.client.approve(world.agentId, op)
    expect(await doomed.died).toBe('SIGKILL')
    await world.startWorker()
    await expectRung(world, 1)
  })
}

describe.concurrent('a call that waits for approval', { timeout }, () => {
  test('still waits when its worker was killed, and runs once when it is approved [turn:approval step:at-most-once]', () =>
    waitingWorld({ row: 'waiting-parked' }, async (world) => {
      const worker = await world.startWorker()
      const { op } = await askFor(world)
      await worker.kill()
      await world.startWorker()
      expect(await world.client.waiting(world.agentId)).toMatchObject([{ op, for: 'approval' }])
      await world.client.approve(world.agentId, op)
      await expectRung(world, 1)
    }))

  test('whose answer was deposited and not told waits on; the next answer counts [turn:approval]', () =>
    waitingWorld({ row: 'waiting-deposited' }, async (world) => {
      const { client, agentId, stores } = world
      const worker = await world.startWorker()
      const { op } = await askFor(world)
      await stores.memory.answers.put({ agentId, op, id: 'of-one-who-died', answer: 'refuse', text: 'never', at: new Date().toISOString() })
      await worker.kill()
      await world.startWorker()
      await client.approve(agentId, op)
      await expectRung(world, 1)
    }))

  test('approved while no worker runs is run by the next one [turn:approval]', () =>
    waitingWorld({ row: 'waiting-no-worker' }, async (world) => {
      const worker = await world.startWorker()
      const { op } = await askFor(world)
      await worker.kill()
      const approved = world.client.approve(world.agentId, op)
      await sleep(1_000)
      await world.startWorker()
      expect(await approved).toEqual({ already: false })
      await expectRung(world, 1)
    }))

  test('runs once though its worker dies before the tool [turn:approval step:at-most-once]', () => dieAt('tool-begun', 'waiting-tool-begun'))
  test('runs once though its worker dies after the tool [turn:approval step:at-most-once]', () => dieAt('tool-run', 'waiting-tool-run'))
  test('runs once though its worker dies after the results [turn:approval step:pairing]', () => dieAt('step-settled', 'waiting-settled'))

  test('and is killed in the middle of its tool is not run again: the model reads "outcome unknown" [turn:approval step:at-most-once]', () =>
    waitingWorld({ row: 'waiting-in-tool', moves: () => [call('ring_bell', { hold: true }, { heartbeat: true }), say('Hello Ada.')] }, async (world) => {
      const { client, agentId } = world
      const worker = await world.startWorker()
      const { op } = await askFor(world)
      await client.approve(agentId, op)
      await vi.waitUntil(() => world.effects().length === 1, patience)
      await worker.kill()
      await world.startWorker()
      await expectRung(world, 1)
      expect((await client.messages(agentId)).find((message) => message.op === op)?.text).toContain('outcome unknown')
    }))
})

describe.concurrent('with all servers and workers down', { timeout }, () => {
  /** Stops everything while the call waits, for some seconds beyond what `until` says, and starts it again. */
  async function asleep(options: WorldOptions & { readonly sleepMs: (waiting: CallToAnswer) => number }, then: (world: World, waiting: CallToAnswer) => Promise<void>): Promise<void> {
    const folder = await temporaryFolder()
    const temporal = await startTemporal({ dbFile: join(folder.path, 'temporal.db') })
    try {
      await waitingWorld({ ...options, temporal }, async (world) => {
        const worker = await world.startWorker()
        const waiting = await askFor(world)
        await Promise.all([worker.kill(), temporal.kill()])
        await sleep(options.sleepMs(waiting))
        await temporal.restart()
        await world.startWorker()
        await then(world, waiting)
      })
    } finally {
      await temporal.stop()
      await folder.remove()
    }
  }

  test('a call waits as long as it takes, and goes on where it was [turn:approval]', () =>
    asleep({ row: 'waiting-all-down', sleepMs: () => 5_000 }, async (world, { op }) => {
      expect(await world.client.waiting(world.agentId)).toMatchObject([{ op }])
      await world.client.approve(world.agentId, op)
      await expectRung(world, 1)
    }))

  test('a deadline that passes ends the waiting when they are back: the call is not run, and an answer comes too late [turn:approval turn:named-end]', () =>
    asleep({ row: 'waiting-deadline-down', answerWithinMs: 4_000, sleepMs: ({ until }) => Date.parse(until) + 1_000 - Date.now() }, async (world, { op }) => {
      await expectRung(world, 0)
      const [result] = (await world.client.messages(world.agentId)).filter((message) => message.op === op)
      expect(result).toMatchObject({ ok: false, text: 'nobody approved this call within 4 seconds; it was not run' })
      await expect(world.client.approve(world.agentId, op)).rejects.toMatchObject({ code: 'call-answered' })
    }))
})
