import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { startTemporal, type TestTemporal } from '../servers/temporal.ts'
import { gate } from '../support/gate.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { audit } from './support/audit.ts'
import { hangOnce, inferencesOf } from './support/model-of-moves.ts'
import { inWorld } from './support/world.ts'

const timeout = 240_000
const patience = { timeout: 60_000, interval: 50 }

/** A Temporal server of the test's own, which keeps its histories in a file and may be killed. */
async function withTemporal(body: (temporal: TestTemporal) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder()
  const temporal = await startTemporal({ dbFile: join(folder.path, 'temporal.db') })
  try {
    await body(temporal)
  } finally {
    await temporal.stop()
    await folder.remove()
  }
}

describe.concurrent('a Temporal server that is killed in the middle of a turn', { timeout }, () => {
  test('keeps nobody from the answer: who waits has it after the restart, and the model is asked once [mailbox:durable]', () =>
    withTemporal(async (temporal) => {
      const thought = gate<ScriptedOutcome>()
      const moves = (): readonly ScriptedStep[] => [call('ring_bell', {}, { heartbeat: true }), () => thought.opened]
      await inWorld({ row: 'temporal-thinking', temporal, moves }, async (world) => {
        await world.startWorker()
        const answer = world.client.send(world.agentId, 'Hi', { eventId: 'hi' })
        await vi.waitUntil(() => world.model.requests.length === 2, patience)
        world.strikes.strike()
        await temporal.kill()
        thought.open(say('Hello.'))
        await temporal.restart()
        expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
        const { effects } = await audit(world, { hi: 'Hi' })
        expect({ effects: effects.length, requests: inferencesOf(world.model).length }).toEqual({ effects: 1, requests: 2 })
      })
    }))

  test('and the worker with it: both come back, and the turn goes on where it was [mailbox:durable]', () =>
    withTemporal(async (temporal) => {
      const hanging = hangOnce(say('Hello.'))
      const moves = (): readonly ScriptedStep[] => [call('ring_bell', {}, { heartbeat: true }), hanging]
      await inWorld({ row: 'temporal-and-worker', temporal, moves }, async (world) => {
        const worker = await world.startWorker()
        const answer = world.client.send(world.agentId, 'Hi', { eventId: 'hi' })
        await vi.waitUntil(() => world.model.requests.length === 2, patience)
        await Promise.all([worker.kill(), temporal.kill()])
        await temporal.restart()
        await world.startWorker()
        expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
        const { effects } = await audit(world, { hi: 'Hi' })
        expect({ effects: effects.length, requests: inferencesOf(world.model).length }).toEqual({ effects: 1, requests: 3 })
      })
    }))

  test('loses no message accepted before, and takes the next ones after [mailbox:durable mailbox:fifo]', () =>
    withTemporal(async (temporal) => {
      await inWorld({ row: 'temporal-accepted', temporal }, async (world) => {
        const { client, agentId } = world
        await world.startWorker()
        const sent = { one: 'First', two: 'Second', three: 'Third' }
        for (const [eventId, text] of Object.entries(sent)) await client.post(agentId, text, { eventId })
        world.strikes.strike()
        await temporal.kill()
        const later = client.send(agentId, 'Fourth', { eventId: 'four' })
        await temporal.restart()
        expect(await later).toMatchObject({ end: 'completed', replyTexts: ['done: Fourth'] })
        await audit(world, { ...sent, four: 'Fourth' })
      })
    }))
})
