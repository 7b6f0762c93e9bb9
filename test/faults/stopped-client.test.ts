import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { gate } from '../support/gate.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { startScript, type ScriptProcess } from './support/script-process.ts'
import type { SenderPoint } from './support/sender-process.ts'
import { inWorld, type World } from './support/world.ts'

const patience = { timeout: 60_000, interval: 50 }

function startSender({ environment, agentId }: World, point: SenderPoint): Promise<ScriptProcess> {
  const script = fileURLToPath(new URL('support/sender-process.ts', import.meta.url))
  return startScript({ script, arguments: [agentId, 'ring', 'Ring!', point], environment, ready: 'ready' })
}

/** Until then nothing has happened; then the message is sent again under its id, and has its one turn. */
async function diesBeforeAcceptance(row: string, point: SenderPoint, stored: boolean): Promise<void> {
  await inWorld({ row, moves: () => [call('ring_bell', {}, { heartbeat: true }), say('It rang.')] }, async (world) => {
    const { client, agentId, stores } = world
    await world.startWorker()
    const sender = await startSender(world, point)
    expect(await sender.ended).toMatchObject({ signal: 'SIGKILL' })
    world.strikes.strike()
    expect((await stores.memory.events.get(agentId, 'ring'))?.text).toBe(stored ? 'Ring!' : undefined)
    expect((await client.state(agentId)).counters.turns).toBe(0)
    expect(await client.send(agentId, 'Ring!', { eventId: 'ring' })).toMatchObject({ end: 'completed', replyTexts: ['It rang.'] })
    const { effects } = await audit(world, { ring: 'Ring!' })
    expect(effects).toHaveLength(1)
  })
}

describe.concurrent('a client that is killed while it sends', { timeout: 240_000 }, () => {
  test('before the body is stored has sent nothing; sent again, the message has one turn [mailbox:dedupe]', () => diesBeforeAcceptance('client-body-due', 'body-due', false))

  test('between the body and the word of it has sent nothing; sent again, the message has one turn [mailbox:dedupe]', () => diesBeforeAcceptance('client-body-stored', 'body-stored', true))

  test('while it waits is not missed: the turn goes on, and who sends again has its answer [mailbox:durable mailbox:dedupe]', async () => {
    const thought = gate()
    const second = async (): Promise<ScriptedOutcome> => {
      await thought.opened
      return say('It rang.')
    }
    await inWorld({ row: 'client-waiting', moves: (): readonly ScriptedStep[] => [call('ring_bell', {}, { heartbeat: true }), second] }, async (world) => {
      const { client, agentId, model } = world
      await world.startWorker()
      const sender = await startSender(world, 'never')
      await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
      world.strikes.strike()
      await sender.kill()
      thought.open()
      expect(await client.send(agentId, 'Ring!', { eventId: 'ring' })).toMatchObject({ end: 'completed', replyTexts: ['It rang.'] })
      const { effects } = await audit(world, { ring: 'Ring!' })
      expect({ effects: effects.length, requests: inferencesOf(model).length }).toEqual({ effects: 1, requests: 2 })
    })
  })
})
