import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { inWorld } from './support/world.ts'

/** Milliseconds from a worker's readiness to its death: whatever it does then. */
const lives = [200, 450, 800, 1_300]
const messages = 8

/** Every turn appends a line, rings a bell and keeps a passage. */
const busy = (text: string): readonly ScriptedStep[] => [
  [call('core_memory_append', { label: 'human', content: text }), call('ring_bell', {}, { heartbeat: true })],
  call('archival_memory_insert', { content: `A passage about ${text}` }, { heartbeat: true }),
  say(`Answer to ${text}`),
]

describe('a worker that is killed at any moment, again and again', { timeout: 240_000 }, () => {
  test('loses and doubles nothing of messages that were sent all at once [mailbox:durable mailbox:fifo step:pairing step:at-most-once]', async () => {
    await inWorld({ row: 'worker-any-moment', moves: busy }, async (world) => {
      const { client, agentId } = world
      const sent = Object.fromEntries(Array.from({ length: messages }, (_, index) => [`event-${index + 1}`, `message ${index + 1}`]))
      const answers = Object.entries(sent).map(([eventId, text]) => client.send(agentId, text, { eventId }))
      for (const life of lives) {
        const worker = await world.startWorker()
        await sleep(life)
        await worker.kill()
      }
      await world.startWorker()
      const results = await Promise.all(answers)
      expect(results.map(({ end, replyTexts }) => ({ end, replyTexts }))).toEqual(
        Object.values(sent).map((text) => ({ end: 'completed', replyTexts: [`Answer to ${text}`] })),
      )
      const { passages, blockVersions } = await audit(world, sent)
      expect({ passages: passages.length, edits: blockVersions.filter(({ version }) => version > 1).length }).toEqual({ passages: messages, edits: messages })
    })
  })
})
