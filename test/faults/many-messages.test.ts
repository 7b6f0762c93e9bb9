import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { audit } from './support/audit.ts'
import type { Sending } from './support/order.ts'
import { inWorld } from './support/world.ts'

const total = 1_000
const senders = 4
/** Messages that one sender has under way at once. */
const lanes = 2

describe('a thousand messages at once', { timeout: 600_000 }, () => {
  test('by updates and signals of several clients, through continue-as-new and deaths of workers, are all handled once and in order [mailbox:fifo mailbox:durable pressure:continue-as-new]', async () => {
    await inWorld({ row: 'load-thousand' }, async (world) => {
      const { agentId } = world
      const sent = Object.fromEntries(Array.from({ length: total }, (_, index) => [`event-${index + 1}`, `message ${index + 1}`]))
      const left = Object.entries(sent)
      const log: Sending[] = []
      const sendAll = async (client: PerdureClient): Promise<void> => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          const [eventId, text] = next
          log.push({ what: 'sending', eventId })
          if (left.length % 3 === 0) await client.signal(agentId, text, { eventId })
          else await client.post(agentId, text, { eventId })
          log.push({ what: 'accepted', eventId })
          // Some did not hear of it, and say it again.
          if (left.length % 50 === 0) await client.post(agentId, text, { eventId })
        }
      }
      const clients = await Promise.all(Array.from({ length: senders }, () => world.anotherClient()))
      let worker = await world.startWorker()
      const sending = Promise.all(clients.flatMap((client) => Array.from({ length: lanes }, () => sendAll(client))))
      for (const life of [4_000, 6_000, 8_000]) {
        await sleep(life)
        await worker.kill()
        worker = await world.startWorker()
      }
      await sending
      for (const eventId of Object.keys(sent)) expect(await world.client.outcome(agentId, eventId)).toMatchObject({ end: 'completed' })
      const { messages, runs } = await audit(world, sent, { log })
      expect(messages.filter(({ eventId }) => eventId !== undefined)).toHaveLength(total + 1)
      expect(runs).toBeGreaterThan(10)
    })
  })
})
