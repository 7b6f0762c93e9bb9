import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { keepBusy } from './support/busy-machine.ts'
import { timeoutsOf } from './support/timeouts.ts'
import { inWorld } from './support/world.ts'

const agents = 12
const overloadedMs = 30_000
/** What else this machine is busy with counts. */
const busyProcesses = (): number => Math.max(1, Math.round(4 * availableParallelism() - (loadavg()[0] ?? 0)))

/** Each turn thinks for longer than a dead worker is waited for, and has an effect of each kind. */
const slowly = (text: string): readonly ScriptedStep[] => [
  async () => {
    await sleep(4_000)
    return [call('core_memory_append', { label: 'human', content: text }), call('ring_bell', {}, { heartbeat: true })]
  },
  call('archival_memory_insert', { content: `A passage about ${text}` }, { heartbeat: true }),
  say(`Answer to ${text}`),
]

describe('a machine with four times more work than cores', { timeout: 600_000 }, () => {
  test('never makes a live worker look dead', async () => {
    await inWorld({ row: 'worker-overloaded', moves: slowly }, async (world) => {
      const { client, agentId } = world
      await Promise.all([world.startWorker(), world.startWorker()])
      const ids = [agentId, ...Array.from({ length: agents - 1 }, (_, index) => `${agentId}-${index}`)]
      for (const id of ids.slice(1)) await client.create({ id, model: 'scripted', tools: ['send_message', 'core_memory_append', 'archival_memory_insert', 'ring_bell'] })
      const rest = keepBusy(busyProcesses())
      const end = Date.now() + overloadedMs
      const sent = new Map<string, Record<string, string>>(ids.map((id) => [id, {}]))
      const talk = async (id: string): Promise<void> => {
        for (let n = 1; Date.now() < end; n += 1) {
          const [eventId, text] = [`event-${n}`, `message ${n}`]
          Object.assign(sent.get(id) ?? {}, { [eventId]: text })
          expect(await client.send(id, text, { eventId })).toMatchObject({ end: 'completed' })
        }
      }
      await Promise.all(ids.map(talk)).finally(rest)
      const timeouts = await Promise.all(ids.map((id) => timeoutsOf(world.temporal, id)))
      expect(timeouts.flat()).toEqual([])
      // The file of effects is of all agents in this world.
      for (const id of ids) await audit({ ...world, agentId: id, effects: () => world.effects().filter((op) => op.startsWith(`${id}/`)) }, sent.get(id) ?? {})
    })
  })
})
