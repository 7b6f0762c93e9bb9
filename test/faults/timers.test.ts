import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { say } from '../../src/testing.ts'
import { startTemporal } from '../servers/temporal.ts'
import { runsOf } from '../replay/runs-of.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { hangOnce } from './support/model-of-moves.ts'
import { inWorld, type World } from './support/world.ts'

const timeout = 240_000
const patience = { timeout: 90_000, interval: 50 }

/** Each timer event of recall memory with the end of its turn; fails where a workflow task has failed. */
async function firings({ client, stores, temporal, agentId }: World): Promise<readonly { readonly text: string; readonly end: string | undefined }[]> {
  const events = (await runsOf(temporal, workflowIdOf(agentId))).flatMap((run) => run.events ?? [])
  expect(events.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? [])).toEqual([])
  const fired = (await client.messages(agentId)).filter(({ kind }) => kind === 'timer')
  return Promise.all(fired.map(async ({ text, eventId = '' }) => ({ text, end: (await stores.memory.turns.byEvent(agentId, eventId))?.end })))
}

const turnsOf = async ({ client, agentId }: World): Promise<number> => (await client.state(agentId)).counters.turns

describe.concurrent('a timer', { timeout }, () => {
  test('that comes due while no worker runs fires once when one does; one that repeats says what it missed [event:timers]', () =>
    inWorld({}, async (world) => {
      const { client, agentId } = world
      const worker = await world.startWorker()
      const once = await client.schedule(agentId, { id: 'once', text: 'Ring.', afterMs: 8_000 })
      const often = await client.schedule(agentId, { id: 'often', text: 'Breathe.', afterMs: 8_000, everyMs: 1_000, times: 5 })
      await worker.kill()
      await sleep(Date.parse(often.timer.dueAt) + 4_500 - Date.now())
      await world.startWorker()
      await vi.waitUntil(async () => (await turnsOf(world)) === 2, patience)
      expect(await firings(world)).toEqual([
        { text: `timer once, due at ${seconds(once.timer.dueAt)}: Ring.`, end: 'completed' },
        { text: `timer often, due at ${seconds(often.timer.dueAt, 4_000)}, 4 earlier times missed: Breathe.`, end: 'completed' },
      ])
      expect(await client.timers(agentId)).toEqual([])
    }))

  test('whose worker is killed while the model thinks about it has one turn [event:timers]', () => {
    const hanging = hangOnce(say('Heard.'))
    return inWorld({ moves: () => [hanging] }, async (world) => {
      const worker = await world.startWorker()
      const { timer } = await world.client.schedule(world.agentId, { id: 'bell', text: 'Ring.', afterMs: 100 })
      await vi.waitUntil(() => world.model.requests.length === 1, patience)
      await worker.kill()
      await world.startWorker()
      await vi.waitUntil(async () => (await turnsOf(world)) === 1, patience)
      expect(await firings(world)).toEqual([{ text: `timer bell, due at ${seconds(timer.dueAt)}: Ring.`, end: 'completed' }])
    })
  })

  test('that comes due while the Temporal server is down, and the worker with it, fires when both are back [event:timers]', async () => {
    const folder = await temporaryFolder()
    const temporal = await startTemporal({ dbFile: join(folder.path, 'temporal.db') })
    try {
      await inWorld({ temporal }, async (world) => {
        const worker = await world.startWorker()
        const { timer } = await world.client.schedule(world.agentId, { id: 'bell', text: 'Ring.', afterMs: 8_000 })
        await Promise.all([worker.kill(), temporal.kill()])
        await sleep(Date.parse(timer.dueAt) + 1_000 - Date.now())
        await temporal.restart()
        await world.startWorker()
        await vi.waitUntil(async () => (await turnsOf(world)) === 1, patience)
        expect(await firings(world)).toEqual([{ text: `timer bell, due at ${seconds(timer.dueAt)}: Ring.`, end: 'completed' }])
      })
    } finally {
      await temporal.stop()
      await folder.remove()
    }
  })
})

/** As the agent reads it: to the second. */
const seconds = (iso: string, laterMs = 0): string => new Date(Date.parse(iso) + laterMs).toISOString().replace(/\.\d+Z$/, 'Z')
