import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@temporalio/client'
import { describe, expect, inject, test, vi } from 'vitest'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { createClient } from '../../src/client/client.ts'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { gate } from '../support/gate.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { onTheWay } from './support/on-the-way.ts'
import { tcpProxy, type TcpProxy } from './support/tcp-proxy.ts'
import { inWorld } from './support/world.ts'

const patience = { timeout: 60_000, interval: 50 }
const slowness = { bytesPerSecond: 20_000, latencyMs: 150 }

/** A bell has rung, and the model thinks about the second step until `open`. */
function thinkingTwice(): { readonly moves: () => readonly ScriptedStep[]; readonly open: () => void } {
  const thought = gate()
  const second = async (): Promise<ScriptedOutcome> => {
    await thought.opened
    return say('Hello.')
  }
  return { moves: () => [call('ring_bell', {}, { heartbeat: true }), second], open: () => thought.open() }
}

const well = { end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } }

async function breaksForWorker(row: string, damage: (proxy: TcpProxy) => unknown, outageMs: number): Promise<void> {
  const way = onTheWay('TEMPORAL_ADDRESS')
  const { moves, open } = thinkingTwice()
  await inWorld({ row, moves, ofWorkers: way.ofWorkers }, async (world) => {
    const { client, agentId, model } = world
    await world.startWorker()
    const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
    await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
    world.strikes.strike()
    await damage(way.proxy())
    open()
    await sleep(outageMs)
    await way.proxy().heal()
    await answer
    // What Temporal hands to a dead connection is lost with it: the turn may have been parked meanwhile, and goes on by itself.
    await vi.waitUntil(async () => (await client.state(agentId)).counters.turns === 1, { timeout: 120_000, interval: 200 })
    expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject(well)
    const { effects } = await audit(world, { hi: 'Hi' })
    expect({ effects: effects.length, requests: inferencesOf(model).length }).toEqual({ effects: 1, requests: 2 })
  }).finally(() => way.close())
}

async function breaksForClient(row: string, damage: (proxy: TcpProxy) => unknown, outageMs: number): Promise<void> {
  const { moves, open } = thinkingTwice()
  const proxy = await tcpProxy(inject('temporalAddress'))
  const connection = await connectTemporal({ address: `${proxy.host}:${proxy.port}` })
  try {
    await inWorld({ row, moves }, async (world) => {
      const { agentId, stores, model } = world
      const client = createClient({ temporal: new Client({ connection, namespace: inject('temporalNamespace') }), stores, taskQueue: 'any' })
      await world.startWorker()
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
      world.strikes.strike()
      await damage(proxy)
      open()
      await sleep(outageMs)
      await proxy.heal()
      expect(await answer).toMatchObject(well)
      await audit(world, { hi: 'Hi' })
      expect(inferencesOf(model)).toHaveLength(2)
    })
  } finally {
    await connection.close()
    await proxy.close()
  }
}

describe.concurrent('the network between a worker and Temporal', { timeout: 240_000 }, () => {
  test('is cut while the model thinks: its answer is kept and not paid for again [mailbox:durable cost]', () => breaksForWorker('network-worker-temporal-cut', (proxy) => proxy.cut(), 8_000))

  test('swallows everything while the model thinks: the worker notices by itself, and nothing is done again [mailbox:durable cost]', () =>
    breaksForWorker('network-worker-temporal-blackhole', (proxy) => proxy.blackhole(), 8_000))

  test('is slow: the turn takes its time, and each thing happens once [mailbox:durable]', () => breaksForWorker('network-worker-temporal-slow', (proxy) => proxy.slow(slowness), 4_000))
})

describe.concurrent('the network between a client and Temporal', { timeout: 240_000 }, () => {
  test('is cut while it waits: it has the answer afterwards, from the one turn [mailbox:dedupe]', () => breaksForClient('network-client-temporal-cut', (proxy) => proxy.cut(), 3_000))

  test('swallows everything while it waits: it notices by itself, and has the answer from the one turn [mailbox:dedupe]', () =>
    breaksForClient('network-client-temporal-blackhole', (proxy) => proxy.blackhole(), 3_000))

  test('is slow: it has the answer, late [mailbox:dedupe]', () => breaksForClient('network-client-temporal-slow', (proxy) => proxy.slow(slowness), 2_000))
})
