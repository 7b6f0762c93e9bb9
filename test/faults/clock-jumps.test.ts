import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { call, fail, ModelError, say, type ScriptedStep } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { inWorld } from './support/world.ts'

const dayMs = 24 * 60 * 60 * 1_000

describe("a worker's clock that jumps", { timeout: 240_000 }, () => {
  test('a day ahead and then two back, in the middle of a turn, changes no order, no wait and no figure [mailbox:durable step:pairing]', async () => {
    let shift: (byMs: number) => void = () => undefined
    let failed = false
    const jump = async (byMs: number): Promise<void> => {
      shift(byMs)
      // The worker looks at its clock's file twenty times a second.
      await sleep(300)
    }
    const moves = (text: string): readonly ScriptedStep[] =>
      text === 'Hi'
        ? [
            call('ring_bell', {}, { heartbeat: true }),
            async () => {
              await jump(dayMs)
              return call('ring_bell', {}, { heartbeat: true })
            },
            async () => {
              await jump(-dayMs)
              if (failed) return say('Hello.')
              failed = true
              return fail(new ModelError('server-error', 'it failed once'))
            },
          ]
        : []
    await inWorld({ row: 'clock-jumps', moves }, async (world) => {
      const { client, agentId, model } = world
      shift = (byMs) => world.shiftClocks(byMs)
      const began = Date.now()
      await world.startWorker()
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await vi.waitUntil(() => inferencesOf(model).length === 2, { timeout: 60_000, interval: 50 })
      const waiting = client.post(agentId, 'Next', { eventId: 'next' })
      const { end, replyTexts, figures } = await answer
      const took = Date.now() - began
      expect({ end, replyTexts, steps: figures.steps }).toEqual({ end: 'completed', replyTexts: ['Hello.'], steps: 3 })
      expect(figures.latencyMs >= 0 && figures.latencyMs <= took).toBe(true)
      await waiting
      expect(await client.outcome(agentId, 'next')).toMatchObject({ end: 'completed' })
      const { messages, effects } = await audit(world, { hi: 'Hi', next: 'Next' })
      expect(effects).toHaveLength(2)
      const latencies = messages.flatMap(({ latencyMs }) => latencyMs ?? [])
      expect(latencies).toHaveLength(5)
      expect(latencies.filter((latency) => latency < 0 || latency > took)).toEqual([])
      // It has jumped: what a worker dates is dated by its clock, what the workflow dates by Temporal's.
      const days = messages.map(({ at }) => Math.round((Date.parse(at) - began) / dayMs))
      expect([Math.min(...days), Math.max(...days)]).toEqual([-1, 1])
      expect(messages.filter(({ eventId }) => eventId !== undefined).map(({ at }) => Math.round((Date.parse(at) - began) / dayMs))).toEqual([0, 0, 0])
    })
  })
})
