import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { describeWithServer, isUnavailable } from '../servers/require-server.ts'
import { startTemporal } from '../servers/temporal.ts'
import { gate } from '../support/gate.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { mountSmallDisk, type SmallDisk } from './support/small-disk.ts'
import { embedded, type StoreSet } from './support/store-sets.ts'
import { inWorld } from './support/world.ts'

/** Most of it may be the wait for a slot, where all of these run at once. */
const timeout = 600_000
const patience = { timeout: 60_000, interval: 50 }

const disks = [mountSmallDisk(3), mountSmallDisk(3), mountSmallDisk(24)] as const
const [first, second, third] = disks
const mounted = disks.find(isUnavailable) ?? disks
afterAll(() => {
  for (const disk of disks) if (!isUnavailable(disk)) disk.remove()
})

const on = (disk: SmallDisk): StoreSet => ({ ...embedded, environment: (folder) => ({ ...embedded.environment(folder), PERDURE_HOME: join(disk.path, 'home') }) })

/** Three disks of their own, so that all tests may run at once. */
describeWithServer('a disk', mounted, () => {
  if (isUnavailable(first) || isUnavailable(second) || isUnavailable(third)) return

  describe.concurrent('that is full, with the memory file on it,', { timeout }, () => {
    test('while the model thinks costs time only: the answer is kept till there is room, and not paid for again [mailbox:durable]', async () => {
      const thought = gate<ScriptedOutcome>()
      const moves = (): readonly ScriptedStep[] => [[call('ring_bell', {}, { heartbeat: true }), call('core_memory_append', { label: 'human', content: 'Ada' })], () => thought.opened]
      await inWorld({ row: 'disk-thinking', stores: on(first), moves }, async (world) => {
        await world.startWorker()
        const answer = world.client.send(world.agentId, 'Hi', { eventId: 'hi' })
        await vi.waitUntil(() => inferencesOf(world.model).length === 2, patience)
        world.strikes.strike()
        first.fill()
        thought.open(say('Hello.'))
        const early = await Promise.race([answer.then(() => 'answered'), new Promise((resolve) => setTimeout(resolve, 3_000, 'waiting'))])
        expect(early).toBe('waiting')
        first.makeRoom()
        expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
        const { effects } = await audit(world, { hi: 'Hi' })
        expect({ effects: effects.length, inferences: inferencesOf(world.model).length }).toEqual({ effects: 1, inferences: 2 })
      })
    })

    test('turns a message away by name and keeps nothing of it; the answer of a turn that begins is kept till there is room, and not paid for again [mailbox:durable]', async () => {
      await inWorld({ row: 'disk-accepting', stores: on(second) }, async (world) => {
        const { client, agentId, stores, temporal } = world
        await world.startWorker()
        expect(await client.send(agentId, 'First', { eventId: 'one' })).toMatchObject({ end: 'completed' })
        world.strikes.strike()
        second.fill()
        await expect(client.send(agentId, 'Second', { eventId: 'two' })).rejects.toMatchObject({ name: 'PerdureError', code: 'store-full' })
        expect(await stores.memory.events.get(agentId, 'two')).toBeUndefined()
        // A signal may carry its text: nothing but Temporal is needed to take it.
        await temporal.workflow.getHandle(workflowIdOf(agentId)).signal(handlerNames.eventSignal, { id: 'three', kind: 'user-message', bytes: 5, text: 'Third' })
        await vi.waitUntil(() => inferencesOf(world.model).length === 2, patience)
        expect((await client.state(agentId)).counters.turns).toBe(1)
        second.makeRoom()
        await vi.waitUntil(async () => (await client.state(agentId)).counters.turns === 2, { timeout: 60_000, interval: 100 })
        expect(inferencesOf(world.model)).toHaveLength(2)
        expect(await client.send(agentId, 'Second', { eventId: 'two' })).toMatchObject({ end: 'completed', replyTexts: ['done: Second'] })
        await audit(world, { one: 'First', two: 'Second', three: 'Third' })
      })
    })
  })

  describe.concurrent('that is full, with the Temporal server on it,', { timeout }, () => {
    test('stops the agent and loses nothing that was accepted: it goes on when there is room [mailbox:durable]', async () => {
      const temporal = await startTemporal({ dbFile: join(third.path, 'temporal.db') })
      try {
        const thought = gate<ScriptedOutcome>()
        const moves = (text: string): readonly ScriptedStep[] => (text === 'Hi' ? [call('ring_bell', {}, { heartbeat: true }), () => thought.opened] : [])
        await inWorld({ row: 'disk-temporal', temporal, moves }, async (world) => {
          const { client, agentId } = world
          await world.startWorker()
          const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
          await vi.waitUntil(() => inferencesOf(world.model).length === 2, patience)
          await client.post(agentId, 'Accepted', { eventId: 'accepted' })
          world.strikes.strike()
          third.fill()
          const later = client.send(agentId, 'Sent meanwhile', { eventId: 'later' })
          thought.open(say('Hello.'))
          await new Promise((resolve) => setTimeout(resolve, 5_000))
          third.makeRoom()
          expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
          expect(await later).toMatchObject({ end: 'completed', replyTexts: ['done: Sent meanwhile'] })
          const { effects } = await audit(world, { hi: 'Hi', accepted: 'Accepted', later: 'Sent meanwhile' })
          expect(effects).toHaveLength(1)
        })
      } finally {
        await temporal.stop()
      }
    })
  })
})
