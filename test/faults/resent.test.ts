import { describe, expect, test } from 'vitest'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { inWorld } from './support/world.ts'

const timeout = 240_000

describe.concurrent('a message that is sent again under its id', { timeout }, () => {
  test('has the same answer after its worker was killed and the agent continued as new [mailbox:dedupe mailbox:durable pressure:continue-as-new]', async () => {
    const moves = (text: string): readonly ScriptedStep[] => (text === 'Ring!' ? [call('ring_bell', {}, { heartbeat: true }), say('It rang.')] : [])
    await inWorld({ row: 'client-resent-running', point: 'inference-stored', moves, contextWindow: 4_000 }, async (world) => {
      const { client, agentId, model } = world
      // All but the first say that they are repetitions.
      const ring = async (): ReturnType<typeof client.send> => ({ ...(await client.send(agentId, 'Ring!', { eventId: 'ring' })), repeated: true })
      const doomed = await world.startWorker()
      const waiting = [ring(), ring()]
      await doomed.died
      const second = await world.startWorker()
      waiting.push(ring())
      const [answer, ...others] = await Promise.all(waiting)
      expect(answer).toMatchObject({ end: 'completed', replyTexts: ['It rang.'] })
      expect(others).toEqual([answer, answer])

      const sent: Record<string, string> = { ring: 'Ring!' }
      for (let part = 1; part <= 20 && (await client.state(agentId)).counters.continuedAsNew === 0; part += 1) {
        sent[`part-${part}`] = `Part ${part}: ${'Once upon a time an engine dreamt of numbers. '.repeat(30)}`
        await client.send(agentId, sent[`part-${part}`] ?? '', { eventId: `part-${part}` })
      }
      await second.kill()
      await world.startWorker()
      const inferences = model.requests.length
      expect(await ring()).toEqual(answer)
      expect(model.requests).toHaveLength(inferences)
      const { effects, runs } = await audit(world, sent)
      expect({ effects: effects.length, continued: runs > 1 }).toEqual({ effects: 1, continued: true })
    })
  })

  test('and was accepted without an answer has one turn only [mailbox:dedupe]', async () => {
    await inWorld({ row: 'client-resent-accepted' }, async (world) => {
      const { client, agentId } = world
      const worker = await world.startWorker()
      await client.post(agentId, 'Hi', { eventId: 'hi' })
      await worker.kill()
      const again = client.send(agentId, 'Hi', { eventId: 'hi' })
      await client.signal(agentId, 'Hi', { eventId: 'hi' })
      await world.startWorker()
      expect(await again).toMatchObject({ end: 'completed', replyTexts: ['done: Hi'] })
      await audit(world, { hi: 'Hi' })
    })
  })
})
