import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { audit } from './support/audit.ts'
import { isSilent, sends, type Behaviour } from './support/misbehaving-model.ts'
import { startModelWorlds } from './support/model-worlds.ts'
import { tcpProxy, type TcpProxy } from './support/tcp-proxy.ts'

const timeoutMs = 4_000
let proxy: TcpProxy | undefined
const worlds = await startModelWorlds({
  timeoutMs,
  through: async (url) => {
    proxy = await tcpProxy(url)
    return `http://${proxy.host}:${proxy.port}/v1`
  },
})
afterAll(async () => {
  await worlds.close()
  await proxy?.close()
})

/** The network breaks while the model thinks over the first step of a turn, and is mended; the turn goes on by itself. */
async function breaksWhileThinking(row: string, damage: (proxy: TcpProxy) => unknown, behaviours: readonly Behaviour[], requests: number): Promise<void> {
  if (proxy === undefined) throw new Error('there is no proxy')
  const world = await worlds.open(row, behaviours)
  const answer = world.client.send(world.agentId, 'Hi', { eventId: 'hi' })
  await vi.waitUntil(() => world.asked.length === 1, { timeout: 30_000, interval: 10 })
  world.strikes.strike()
  await damage(proxy)
  await sleep(1_000)
  await proxy.heal()
  expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 1 } })
  expect(world.asked).toHaveLength(requests)
  await audit(world, { hi: 'Hi' })
}

/** Not concurrent: all of them break the same network. */
describe('the network between a worker and the model', { timeout: 120_000 }, () => {
  test('is cut while the model thinks: it is asked again [model:retry]', () => breaksWhileThinking('network-model-cut', (to) => to.cut(), [isSilent, sends('Hello.')], 2))

  test('swallows everything: the request is given up after its time limit, and made again over a new connection [model:retry]', () =>
    breaksWhileThinking('network-model-blackhole', (to) => to.blackhole(), [isSilent, sends('Hello.')], 2))

  test('is slow: the answer takes its time, and is had once [model:retry]', async () => {
    const late: Behaviour = (response, request) => void setTimeout(() => sends('Hello.')(response, request), 200)
    await breaksWhileThinking('network-model-slow', (to) => to.slow({ bytesPerSecond: 1_000, latencyMs: 300 }), [late], 1)
  })
})
