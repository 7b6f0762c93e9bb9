import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { call, say, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { describeWithServer, isUnavailable } from '../servers/require-server.ts'
import { gate } from '../support/gate.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { onTheWay, type Way } from './support/on-the-way.ts'
import { startServers } from './support/store-sets.ts'
import type { TcpProxy } from './support/tcp-proxy.ts'
import { inWorld, type World } from './support/world.ts'

const servers = await startServers()
afterAll(async () => {
  if (!isUnavailable(servers)) await servers.stop()
})

const timeout = 240_000
const patience = { timeout: 60_000, interval: 50 }
const slowness = { bytesPerSecond: 100_000, latencyMs: 50 }

describeWithServer('the network between a worker and its stores', servers, (stores) => {
  /** A bell has rung and the model thinks about the second step when it happens. */
  const breaksWhileThinking = async (options: {
    readonly row: string
    readonly variable: Way
    readonly damage: (proxy: TcpProxy) => unknown
    /** Undefined: until the turn has ended. */
    readonly outageMs?: number | undefined
    readonly second: ScriptedStep
    readonly judge: (world: World) => Promise<void>
  }): Promise<void> => {
    const { row, variable, damage, outageMs, second, judge } = options
    const way = onTheWay(variable)
    const thought = gate()
    const thoughtful = async (request: Parameters<Extract<ScriptedStep, (...args: never[]) => unknown>>[0]): Promise<ScriptedOutcome> => {
      await thought.opened
      return typeof second === 'function' ? second(request) : second
    }
    const moves = (): readonly ScriptedStep[] => [call('ring_bell', {}, { heartbeat: true }), thoughtful]
    await inWorld({ row, stores, moves, ofWorkers: way.ofWorkers }, async (world) => {
      const { client, agentId, model } = world
      await world.startWorker()
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
      world.strikes.strike()
      await damage(way.proxy())
      thought.open()
      if (outageMs !== undefined) {
        await sleep(outageMs)
        await way.proxy().heal()
      }
      expect(await answer).toMatchObject({ end: 'completed' })
      await way.proxy().heal()
      await judge(world)
    }).finally(() => way.close())
  }

  const once = async (world: World): Promise<void> => {
    const { effects } = await audit(world, { hi: 'Hi' })
    expect({ effects: effects.length, requests: inferencesOf(world.model).length }).toEqual({ effects: 1, requests: 2 })
  }

  describe.concurrent('MongoDB', { timeout }, () => {
    const broken = (row: string, damage: (proxy: TcpProxy) => unknown, outageMs = 3_000): Promise<void> =>
      breaksWhileThinking({ row, variable: 'MONGODB_URI', damage, outageMs, second: say('Hello.'), judge: once })

    test('is cut while the model thinks: its answer is kept until it can be stored, and not paid for again [mailbox:durable cost]', () => broken('network-mongodb-cut', (proxy) => proxy.cut()))

    test('swallows everything while the model thinks: the silence is noticed, and the answer stored once [mailbox:durable cost]', () => broken('network-mongodb-blackhole', (proxy) => proxy.blackhole()))

    test('is slow: the turn takes its time, and each thing happens once [mailbox:durable cost]', () => broken('network-mongodb-slow', (proxy) => proxy.slow(slowness), 5_000))
  })

  describe.concurrent('Qdrant', { timeout }, () => {
    const insert = call('archival_memory_insert', { content: 'Ada likes engines.' }, { heartbeat: true })
    const broken = (row: string, damage: (proxy: TcpProxy) => unknown, outageMs: number | undefined, stored: boolean): Promise<void> =>
      breaksWhileThinking({
        row,
        variable: 'QDRANT_URL',
        damage,
        outageMs,
        second: insert,
        judge: async (world) => {
          const { passages, messages } = await audit(world, { hi: 'Hi' })
          expect(messages.filter(({ toolName }) => toolName === 'archival_memory_insert').map(({ ok }) => ok)).toEqual([stored])
          expect(passages.map(({ text }) => text)).toEqual(stored ? ['Ada likes engines.'] : [])
          if (!stored) expect(inferencesOf(world.model).at(-1)?.messages[0]?.content).toContain('Archival memory cannot be reached at the moment.')
        },
      })

    test('is cut for a moment while a passage is due: it is stored once [step:pairing]', () => broken('network-qdrant-cut', (proxy) => proxy.cut(), 500, true))

    test('swallows everything for longer than the tool tries: the model reads an error, each step loses two seconds, and the turn goes on [step:pairing]', () =>
      broken('network-qdrant-blackhole', (proxy) => proxy.blackhole(), undefined, false))

    test('is slow while a passage is due: it is stored once [step:pairing]', () => broken('network-qdrant-slow', (proxy) => proxy.slow(slowness), 5_000, true))
  })
})
