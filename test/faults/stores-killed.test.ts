import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { handlerNames, type AgentView } from '../../src/protocol/handlers.ts'
import type { Parked } from '../../src/protocol/state.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, say, simulatedEmbedder, type Embedder, type ScriptedOutcome, type ScriptedStep } from '../../src/testing.ts'
import { describeWithServer } from '../servers/require-server.ts'
import { gate } from '../support/gate.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { answerLosingProxy } from './support/answer-losing-proxy.ts'
import { audit } from './support/audit.ts'
import { inferencesOf } from './support/model-of-moves.ts'
import { Strikes } from './support/recovery.ts'
import { startOwnServers } from './support/store-sets.ts'
import { inWorld } from './support/world.ts'

const servers = await startOwnServers()

const timeout = 240_000
const patience = { timeout: 60_000, interval: 50 }
const outageMs = 3_000
/** Shows that no key gets into what a model or a client reads. */
const apiKey = 'a-key-that-nobody-may-read'

/** Not concurrent: all of them kill the same two servers. */
describeWithServer('stores', servers, (own) => {
  const { mongo, qdrant, qdrantUrl } = own
  const stores = { ...own, environment: (folder: string) => ({ ...own.environment(folder), QDRANT_API_KEY: apiKey }) }
  afterAll(() => own.stop())

  describe('MongoDB that is killed and comes back', { timeout }, () => {
    test('while the model thinks costs time only: the answer is kept till it can be stored, and not paid for again [mailbox:durable cost]', async () => {
      const thought = gate<ScriptedOutcome>()
      const moves = (text: string): readonly ScriptedStep[] => (text === 'Hi' ? [call('ring_bell', {}, { heartbeat: true }), () => thought.opened] : [])
      await inWorld({ row: 'mongodb-thinking', stores, moves }, async (world) => {
        const { client, agentId, model } = world
        await world.startWorker()
        const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
        await vi.waitUntil(() => inferencesOf(model).length === 2, patience)
        world.strikes.strike()
        await mongo.kill()
        thought.open(say('Hello.'))
        await sleep(outageMs)
        await mongo.restart()
        expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
        expect(inferencesOf(model)).toHaveLength(2)
        expect(await client.send(agentId, 'Again', { eventId: 'again' })).toMatchObject({ end: 'completed', replyTexts: ['done: Again'] })
        const { effects } = await audit(world, { hi: 'Hi', again: 'Again' })
        expect(effects).toHaveLength(1)
      })
    })

    test('while a tool outside runs loses nothing of its outcome [step:pairing]', async () => {
      const folder = await temporaryFolder()
      const until = join(folder.path, 'rung')
      const moves = (): readonly ScriptedStep[] => [call('ring_bell', { until }, { heartbeat: true }), say('Hello.')]
      await inWorld({ row: 'mongodb-tool', stores, moves }, async (world) => {
        const { client, agentId } = world
        await world.startWorker()
        const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
        await vi.waitUntil(() => world.effects().length === 1, patience)
        world.strikes.strike()
        await mongo.kill()
        writeFileSync(until, '')
        await sleep(outageMs)
        await mongo.restart()
        expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
        const { effects, messages } = await audit(world, { hi: 'Hi' })
        expect(effects).toHaveLength(1)
        expect(messages.find(({ toolName }) => toolName === 'ring_bell')).toMatchObject({ ok: true, text: 'It rang.' })
      }).finally(() => folder.remove())
    })

    test('for longer than a step tries parks the turn, which waits without a further event, and goes on by itself [mailbox:durable workflow:unfailing]', async () => {
      await inWorld({ row: 'mongodb-long', stores }, async (world) => {
        const { client, agentId, temporal } = world
        await world.startWorker()
        expect(await client.send(agentId, 'First', { eventId: 'one' })).toMatchObject({ end: 'completed' })
        world.strikes.strike()
        await mongo.kill()
        // A signal may carry its text: nothing but Temporal is needed to take it.
        const workflow = temporal.workflow.getHandle(workflowIdOf(agentId))
        await workflow.signal(handlerNames.eventSignal, { id: 'two', kind: 'user-message', bytes: 6, text: 'Second' })
        const givenUp = async (): Promise<string | null | undefined> => {
          const { events } = await workflow.fetchHistory()
          return events?.flatMap(({ activityTaskFailedEventAttributes: failed }) => (failed ? [failed.failure?.message] : []))[0]
        }
        expect(await vi.waitUntil(givenUp, { timeout: 120_000, interval: 500 })).toContain('MongoDB at 127.0.0.1')
        const parked = async (): Promise<Parked | undefined> => (await workflow.query<AgentView>(handlerNames.state)).parked
        expect(await vi.waitUntil(parked, patience)).toMatchObject({ reason: 'store-away', detail: expect.stringContaining('MongoDB at 127.0.0.1') as string })
        const count = async (): Promise<number> => (await workflow.fetchHistory()).events?.length ?? 0
        const before = await count()
        await new Promise((resolve) => setTimeout(resolve, 30_000))
        // An attempt of the waiting activity is no event.
        expect(await count()).toBe(before)
        await mongo.restart()
        await vi.waitUntil(async () => (await client.state(agentId)).counters.turns === 2, { timeout: 120_000, interval: 100 })
        expect(await client.outcome(agentId, 'two')).toMatchObject({ end: 'completed', replyTexts: ['done: Second'] })
        await audit(world, { one: 'First', two: 'Second' })
      })
    })

    test('while nothing runs has a message turned away by name, and taken under the same id afterwards [mailbox:dedupe]', async () => {
      await inWorld({ row: 'mongodb-idle', stores }, async (world) => {
        const { client, agentId } = world
        await world.startWorker()
        expect(await client.send(agentId, 'First', { eventId: 'one' })).toMatchObject({ end: 'completed' })
        world.strikes.strike()
        await mongo.kill()
        await expect(client.send(agentId, 'Second', { eventId: 'two' })).rejects.toMatchObject({ name: 'PerdureError', code: 'server-unavailable' })
        await mongo.restart()
        expect(await client.send(agentId, 'Second', { eventId: 'two' })).toMatchObject({ end: 'completed', replyTexts: ['done: Second'] })
        await audit(world, { one: 'First', two: 'Second' })
      })
    })
  })

  describe('Qdrant that is killed', { timeout }, () => {
    const remember = (text: string): readonly ScriptedStep[] =>
      text.startsWith('Remember') ? [call('archival_memory_insert', { content: `${text}.` }, { heartbeat: true })] : []

    const struck = (strikes: Strikes): Promise<void> => {
      strikes.strike()
      return qdrant.kill()
    }

    test('and comes back while a passage is due has that passage once, and the call one result [step:pairing]', async () => {
      const strikes = new Strikes()
      const embedder = embedderAfter((request) => (request === 1 ? struck(strikes) : qdrant.restart()))
      await inWorld({ row: 'qdrant-passage', stores, moves: remember, embedder, strikes }, async (world) => {
        const { client, agentId, model } = world
        await world.startWorker()
        expect(await client.send(agentId, 'Remember engines', { eventId: 'engines' })).toMatchObject({ end: 'completed', figures: { steps: 2 } })
        const { passages, messages } = await audit(world, { engines: 'Remember engines' })
        expect(passages.map(({ text }) => text)).toEqual(['Remember engines.'])
        expect(messages.filter(({ toolName }) => toolName === 'archival_memory_insert').map(({ ok }) => ok)).toEqual([true])
        expect(inferencesOf(model)).toHaveLength(2)
      })
    })

    test('after it has stored a passage and before it says so has that passage once, and the call one result [step:pairing]', async () => {
      const strikes = new Strikes()
      const proxy = await answerLosingProxy({
        server: qdrantUrl,
        loses: ({ method, url }) => method === 'PUT' && url?.includes('/points') === true,
        then: () => struck(strikes),
      })
      const environment = (folder: string) => ({ ...stores.environment(folder), QDRANT_URL: proxy.url })
      const embedder = embedderAfter((request) => (request === 2 ? qdrant.restart() : Promise.resolve()))
      await inWorld({ row: 'qdrant-stored', stores: { ...stores, environment }, moves: remember, embedder, strikes }, async (world) => {
        const { client, agentId } = world
        await world.startWorker()
        expect(await client.send(agentId, 'Remember engines', { eventId: 'engines' })).toMatchObject({ end: 'completed', figures: { steps: 2 } })
        const { passages, messages } = await audit(world, { engines: 'Remember engines' })
        expect(passages.map(({ text }) => text)).toEqual(['Remember engines.'])
        expect(proxy.lost()).toBe(true)
        expect(messages.filter(({ toolName }) => toolName === 'archival_memory_insert').map(({ ok, text }) => [ok, text])).toEqual([[true, 'Stored in archival memory.']])
      }).finally(() => proxy.close())
    })

    test('for longer than the tool tries is an error that the model reads, and the agent goes on without it [step:pairing]', async () => {
      const strikes = new Strikes()
      const embedder = embedderAfter((request) => (request === 1 ? struck(strikes) : Promise.resolve()))
      await inWorld({ row: 'qdrant-long', stores, moves: remember, embedder, strikes }, async (world) => {
        const { client, agentId, model } = world
        await world.startWorker()
        const answer = await client.send(agentId, 'Remember engines', { eventId: 'engines' })
        expect(answer).toMatchObject({ end: 'completed', replyTexts: ['done: Remember engines'], figures: { steps: 2 } })
        expect(inferencesOf(model)[1]?.messages[0]?.content).toContain('Archival memory cannot be reached at the moment.')
        await qdrant.restart()
        expect(await client.send(agentId, 'Remember gears', { eventId: 'gears' })).toMatchObject({ end: 'completed', figures: { steps: 2 } })
        const { passages, messages } = await audit(world, { engines: 'Remember engines', gears: 'Remember gears' })
        const [first, ...others] = messages.filter(({ toolName }) => toolName === 'archival_memory_insert')
        expect(first).toMatchObject({ ok: false, text: expect.stringContaining('Qdrant at 127.0.0.1') as string })
        expect(first?.text).not.toContain(apiKey)
        expect(others.map(({ ok }) => ok)).toEqual([true])
        expect(passages.map(({ text }) => text)).toEqual(['Remember gears.'])
      })
    })
  })
})

/** Lets something happen before it answers: between a call's beginning and its passage's way into the store, once an attempt. */
function embedderAfter(before: (request: number) => Promise<void>): Embedder {
  const embedder = simulatedEmbedder()
  let requests = 0
  return {
    ...embedder,
    embed: async (texts, signal) => {
      requests += 1
      await before(requests)
      return embedder.embed(texts, signal)
    },
  }
}
