import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { startTemporal } from '../servers/temporal.ts'
import { gate } from '../support/gate.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { startOwnServers } from './support/store-sets.ts'
import { inWorld, type WorldOptions } from './support/world.ts'

const servers = await startOwnServers()

const timeout = 240_000
const patience = { timeout: 60_000, interval: 50 }

interface Stoppable {
  pause(): void
  resume(): void
}

/** A server hangs while the model thinks about the second step, and goes on later. */
async function hangs(options: WorldOptions, server: Stoppable, stoppedMs: number): Promise<void> {
  const thought = gate()
  const second = async (): Promise<ScriptedOutcome> => {
    await thought.opened
    return call('archival_memory_insert', { content: 'Ada likes engines.' }, { heartbeat: true })
  }
  const moves = (): readonly ScriptedStep[] => [call('ring_bell', {}, { heartbeat: true }), second, say('Hello.')]
  await inWorld({ ...options, moves }, async (world) => {
    const { client, agentId, model } = world
    await world.startWorker()
    const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
    await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
    world.strikes.strike()
    server.pause()
    thought.open()
    await sleep(stoppedMs)
    server.resume()
    expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 3 } })
    const { effects, passages } = await audit(world, { hi: 'Hi' })
    expect({ effects: effects.length, passages: passages.length, requests: inferencesOf(model).length }).toEqual({ effects: 1, passages: 1, requests: 3 })
  })
}

test('a Temporal server that hangs while the model thinks, and goes on: so does the turn, and nothing is done again [mailbox:durable cost]', { timeout }, async () => {
  const folder = await temporaryFolder()
  const temporal = await startTemporal({ dbFile: join(folder.path, 'temporal.db') })
  try {
    await hangs({ row: 'stopped-temporal', temporal }, temporal, 12_000)
  } finally {
    temporal.resume()
    await temporal.stop()
    await folder.remove()
  }
})

/** Not concurrent: all of them stop the same two servers. */
describeWithServer('stores that hang', servers, (stores) => {
  afterAll(() => stores.stop())

  describe('and go on', { timeout }, () => {
    test('MongoDB, while the model thinks: its answer is kept until it can be stored, and not paid for again [mailbox:durable cost]', () => hangs({ row: 'stopped-mongodb', stores }, stores.mongo, 12_000))
    test('Qdrant, while a passage is due: the tool tries again, and it is stored once [step:pairing]', () => hangs({ row: 'stopped-qdrant', stores }, stores.qdrant, 12_000))
  })
})
