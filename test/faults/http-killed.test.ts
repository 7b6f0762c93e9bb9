import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createClient, PerdureError, type HttpClient, type TurnEvent, type TurnResult } from '../../clients/typescript/src/index.ts'
import { say } from '../../src/testing.ts'
import { audit } from './support/audit.ts'
import { startHttpServer } from './support/http-server.ts'
import { inWorld } from './support/world.ts'

const timeout = 600_000
/** Longer than usual: the next server has yet to start, on a machine that may be busy. */
const patienceMs = 180_000
const thoughts = 'She has come back. I will greet her by her name, and ask how the engine is.'
const reply = `Good morning, Ada! ${'How is the engine, and how are you today? '.repeat(12)}😀`

/** All, to the end of so many turns; `each` is told of every one. */
async function allOf(events: AsyncIterable<TurnEvent>, turns: number, each: (event: TurnEvent) => Promise<void> | void = () => undefined): Promise<readonly TurnEvent[]> {
  const seen: TurnEvent[] = []
  for await (const event of events) {
    seen.push(event)
    await each(event)
    if (event.type === 'end' && (turns -= 1) === 0) break
  }
  return seen
}

/** What nobody has taken, on a machine that is too busy, is sent again under its id, as the error says. */
async function sendUntilTaken(client: HttpClient, agentId: string, text: string): Promise<TurnResult> {
  for (;;) {
    try {
      return await client.send(agentId, text, { eventId: text })
    } catch (error) {
      if (!PerdureError.isInstance(error) || error.code !== 'no-worker') throw error
    }
  }
}

const durable = (events: readonly TurnEvent[]): readonly TurnEvent[] => events.filter(({ type }) => type !== 'delta')
const textOf = (events: readonly TurnEvent[], kind: string): string => events.map((event) => (event.type === 'delta' && event.kind === kind ? event.text : '')).join('')

describe('a server over HTTP that is killed', { timeout }, () => {
  test('in the middle of a stream: at a second one it goes on with the same bytes as one that nobody disturbed [http:client http:stream live:text]', async () => {
    // Long enough for all to be told of the first words.
    let pauseMs = 200
    await inWorld({ moves: () => [say(reply, { thoughts })], writingPauseMs: () => pauseMs }, async (world) => {
      const { agentId, environment } = world
      const [worker, first, second] = await Promise.all([world.startWorker(), startHttpServer(environment), startHttpServer(environment)])
      try {
        let answering = first.url
        // As behind a proxy that asks whichever server is there.
        const client = createClient({ url: 'http://perdure', fetch: (url, init) => fetch(url.replace('http://perdure', answering), init) })
        const undisturbed = allOf(createClient({ url: second.url }).watch(agentId, { after: 0 }), 1)
        let written = 0
        const watched = allOf(client.watch(agentId, { after: 0 }), 1)
        const told = allOf(client.stream(agentId, 'Good morning!', { eventId: 'morning' }), 1, async ({ type }) => {
          if (type === 'delta') written += 1
          if (written !== 3 || answering !== first.url) return
          await first.kill()
          answering = second.url
          pauseMs = 10
        })
        const waiting = client.send(agentId, 'Good morning!', { eventId: 'morning' })
        const seen = await told
        expect(answering).toBe(second.url)
        for (const disturbed of [seen, await watched]) {
          expect(durable(disturbed)).toEqual(durable(await undisturbed))
          const [ids, numbers] = [disturbed.map(({ id }) => id), disturbed.flatMap((event) => (event.type === 'delta' ? [event.n] : []))]
          expect(new Set(ids).size).toBe(ids.length)
          expect(numbers).toEqual(numbers.map((_, index) => index + 1))
          // The end of a text may be told by the message alone.
          expect(reply.startsWith(textOf(disturbed, 'text'))).toBe(true)
          expect(textOf(disturbed, 'thoughts')).toBe(thoughts)
        }
        expect(await waiting).toMatchObject({ end: 'completed', replyTexts: [reply] })
        await audit(world, { morning: 'Good morning!' })
      } finally {
        await Promise.all([worker, first, second].map((process) => process.kill()))
      }
    })
  })

  test('and started again: what was sent meanwhile is one message, and who watches is told of it [http:client http:stream]', async () => {
    await inWorld({ moves: () => [say('Good day.')] }, async (world) => {
      const { agentId, environment } = world
      const [worker, first] = await Promise.all([world.startWorker(), startHttpServer(environment)])
      const client = createClient({ url: first.url, patienceMs })
      const watched = allOf(client.watch(agentId, { after: 0 }), 6)
      expect(await client.send(agentId, 'm0', { eventId: 'e0' })).toMatchObject({ end: 'completed' })
      // Some are under way when it dies, some find nobody.
      const sent = [1, 2].map((number) => client.send(agentId, `m${number}`, { eventId: `e${number}` }))
      await first.kill()
      sent.push(...[3, 4, 5].map((number) => client.send(agentId, `m${number}`, { eventId: `e${number}` })))
      const again = await startHttpServer(environment, Number(new URL(first.url).port))
      try {
        for (const result of await Promise.all(sent)) expect(result).toMatchObject({ end: 'completed', replyTexts: ['Good day.'] })
        const ended = (await watched).flatMap((event) => (event.type === 'end' ? [event.eventId] : []))
        expect(ended.toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((number) => `e${number}`))
        await audit(world, Object.fromEntries([0, 1, 2, 3, 4, 5].map((number) => [`e${number}`, `m${number}`])))
      } finally {
        await Promise.all([worker, again].map((process) => process.kill()))
      }
    })
  })

  /** By hand with 50 agents, 20 messages each, and a kill of both every minute: `HTTP_KILLED=50,20,60`. */
  const [many, messages, secondsBetween] = (process.env['HTTP_KILLED'] ?? '4,3,5').split(',').map(Number) as [number, number, number]

  test('again and again, and a worker with it, under many agents: what was sent is there once, in its order, and has its answer once [http:client mailbox:durable]', { timeout: 60 * 60_000 }, async () => {
    await inWorld({ moves: () => [say('Good day.')] }, async (world) => {
      const { environment, stores } = world
      let [worker, server] = await Promise.all([world.startWorker(), startHttpServer(environment)])
      const client = createClient({ url: server.url, patienceMs })
      const ids = Array.from({ length: many }, (_, index) => `${world.agentId}-${index}`)
      for (const id of ids) await client.create({ id, model: 'scripted', tools: ['send_message'] })
      const said = Array.from({ length: messages }, (_, index) => `m${index}`)
      let talking = true
      let kills = 0
      const killing = (async () => {
        while (talking) {
          await sleep(secondsBetween * 1_000)
          await Promise.all([worker.kill(), server.kill()])
          kills += 1
          ;[worker, server] = await Promise.all([world.startWorker(), startHttpServer(environment, Number(new URL(server.url).port))])
        }
      })()
      try {
        await Promise.all(
          ids.map(async (id) => {
            for (const text of said) expect(await sendUntilTaken(client, id, text)).toMatchObject({ end: 'completed', replyTexts: ['Good day.'] })
          }),
        )
      } finally {
        talking = false
        await killing
        await Promise.all([worker, server].map((process) => process.kill()))
      }
      expect(kills).toBeGreaterThan(0)
      for (const id of ids) {
        const found = await stores.memory.messages.after(id, 0, 1_000)
        expect(found.flatMap(({ role, text, reply }) => (role === 'user' ? [text] : reply === undefined ? [] : ['answered']))).toEqual(said.flatMap((text) => [text, 'answered']))
      }
    })
  })
})
