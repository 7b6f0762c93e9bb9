import { afterEach, describe, expect, test } from 'vitest'
import { createClient, type HttpClient } from '../../clients/typescript/src/index.ts'
import { accessKeyCheck } from '../../src/client/access-key-check.ts'
import { requestRates } from '../../src/server/request-rates.ts'
import type { Served, ServeOptions } from '../../src/server/serve.ts'
import { call, say, scriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { served } from '../support/served.ts'
import { toItsEnd } from '../support/to-its-end.ts'

let agents: Agents
const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
  await agents.close()
})

async function begin(...steps: readonly ScriptedStep[]): Promise<string> {
  agents = await startAgents({ model: scriptedModel(steps, { afterwards: say('Noted.') }) })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
  return agents.agentId
}

async function startServer(options: Partial<ServeOptions> = {}): Promise<Served> {
  const server = await served(agents.client, { onError: (error) => console.error(error), ...options })
  closings.push(() => server.close())
  return server
}

/** A client whose answers to what changes something are lost once, after the server has given them. */
async function losing(): Promise<{ readonly client: HttpClient; readonly lost: () => number }> {
  const { url } = await startServer()
  const asked = new Set<string>()
  const client = createClient({
    url,
    fetch: async (at, init) => {
      const response = await fetch(at, init)
      const what = `${init.method ?? ''} ${at} ${typeof init.body === 'string' ? init.body : ''}`
      if (init.method === 'GET' || asked.has(what)) return response
      asked.add(what)
      await response.text()
      throw new TypeError('fetch failed')
    },
  })
  return { client, lost: () => asked.size }
}

describe('the client over HTTP', () => {
  test('does nothing twice where the answers are lost [http:client mailbox:dedupe commands:idempotent]', async () => {
    const agentId = await begin()
    const { client, lost } = await losing()
    expect(await client.send(agentId, 'one')).toMatchObject({ turn: 1, end: 'completed' })
    const { eventId } = await client.post(agentId, 'two')
    expect(await client.outcome(agentId, eventId)).toMatchObject({ turn: 2, end: 'completed' })
    await client.signal(agentId, 'three', { eventId: 'three' })
    expect(await client.outcome(agentId, 'three')).toMatchObject({ turn: 3 })
    await client.command(agentId, { type: 'pop' })
    expect((await client.context(agentId)).filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(['one', 'two'])
    await client.editBlock(agentId, 'human', 'Ada')
    await client.editBlock(agentId, 'human', 'Grace')
    expect((await client.undoBlock(agentId, 'human')).value).toBe('Ada')
    expect((await client.blockHistory(agentId, 'human')).map(({ value }) => value)).toEqual(['Ada', 'Grace', 'Ada', ''])
    const { op } = await client.insertPassage(agentId, 'heron')
    await client.supersedePassage(agentId, op, 'crane')
    expect(await client.passages(agentId, { superseded: true })).toHaveLength(2)
    expect((await client.update(agentId, { description: 'helps' })).version).toBe(2)
    await expect(client.setBudget(agentId, { turn: { steps: 9 } }, { ifVersion: 1 })).rejects.toMatchObject({ code: 'definition-conflict' })
    expect((await client.setBudget(agentId, { turn: { steps: 9 } }, { ifVersion: 2 })).budget.steps).toBe(9)
    await client.schedule(agentId, { id: 'later', text: 'wake', afterMs: 3_600_000 })
    expect(await client.timers(agentId)).toHaveLength(1)
    expect(await client.loadDocuments(agentId, [{ name: 'a.md', bytes: Buffer.from('# Boats') }])).toMatchObject({ failed: [] })
    expect((await client.documents(agentId)).total).toBe(1)
    await client.delete(agentId)
    expect(await client.get(agentId)).toBeUndefined()
    expect(lost()).toBe(15)
  })

  test('goes on at another server when one stops: a stream, and a wait [http:client http:stream]', async () => {
    const agentId = await begin(say('Hello.'), say('Bye.'))
    const [first, second] = [await startServer(), await startServer()]
    let answering = first.url
    const client = createClient({ url: 'http://perdure', fetch: (url, init) => fetch(url.replace('http://perdure', answering), init) })
    const watched = client.watch(agentId)
    let ended: unknown
    await agents.withoutWorker(async () => {
      await client.signal(agentId, 'Hi', { eventId: 'hi' })
      ended = client.outcome(agentId, 'hi')
      await expect.poll(async () => client.hasEvent(agentId, 'hi')).toBe(true)
      answering = second.url
      await first.close()
    })
    expect(await ended).toMatchObject({ replyTexts: ['Hello.'] })
    const heard = await toItsEnd(watched)
    expect(heard.filter(({ type }) => type !== 'delta').map(({ type }) => type)).toEqual(['turn', 'message', 'step', 'message', 'message', 'end'])
    expect(await toItsEnd(client.watch(agentId, { event: 'hi' }))).toEqual(heard.filter(({ type }) => type !== 'delta'))
  })

  test('streams one turn, of which a key for messages alone is told the replies; the same again is the same turn [http:client http:keys]', async () => {
    const agentId = await begin([call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true })], say('Hello Ada.'))
    const keys = accessKeyCheck(agents.stores.memory.accessKeys)
    const { url } = await startServer({ keys })
    const make = async (...scopes: readonly ('messages' | 'admin')[]) => createClient({ url, key: (await agents.client.createAccessKey({ name: 'test', scopes })).key })
    const [messages, admin] = [await make('messages'), await make('admin')]
    const accepted: unknown[] = []
    const replies = await toItsEnd(messages.stream(agentId, 'I am Ada.', { eventId: 'hi', onAccepted: (told) => accepted.push(told) }))
    expect(accepted).toMatchObject([{ eventId: 'hi' }])
    expect(replies.flatMap((event) => (event.type === 'message' ? [event.message.reply] : []))).toEqual(['Hello Ada.'])
    expect(replies.at(-1)).toMatchObject({ type: 'end', end: 'completed' })
    const all = await toItsEnd(admin.stream(agentId, 'I am Ada.', { eventId: 'hi' }))
    expect(all.flatMap((event) => (event.type === 'message' ? [event.message.role] : []))).toEqual(['user', 'assistant', 'tool', 'assistant', 'tool'])
    await expect(messages.watch(agentId).next()).rejects.toMatchObject({ code: 'scope-missing', status: 403 })
    await expect(createClient({ url }).list()).rejects.toMatchObject({ code: 'key-refused', status: 401 })
  })

  test('serves tools with a key for messages alone, which may not watch [http:client tools:client-side http:keys]', async () => {
    const agentId = await begin([call('local_weather', { place: 'Rome' }, { heartbeat: true })], say('Take sunglasses.'))
    const { url } = await startServer({ keys: accessKeyCheck(agents.stores.memory.accessKeys) })
    const { key } = await agents.client.createAccessKey({ name: 'test', scopes: ['messages'] })
    const client = createClient({ url, key })
    const definition = { name: 'local_weather', description: 'The weather where the user is.', parameters: { type: 'object', properties: { place: { type: 'string' } } } }
    const serving = new AbortController()
    const served = client.serveTools(agentId, [{ definition, run: ({ place }) => Promise.resolve(`sun in ${String(place)}`) }], { signal: serving.signal })
    expect(await client.send(agentId, 'Umbrella?', { clientTools: [definition], until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Take sunglasses.'] })
    serving.abort()
    await served
    expect((await agents.client.messages(agentId)).find(({ toolName }) => toolName === 'local_weather')?.text).toBe('sun in Rome')
  })

  test('waits for its turn among the requests that a key may make [http:client http:keys]', async () => {
    const agentId = await begin()
    const keys = accessKeyCheck(agents.stores.memory.accessKeys)
    const { key } = await agents.client.createAccessKey({ name: 'test', scopes: ['admin'] })
    // No time passes before the first refusal: on a machine that is slow enough each request would have its turn at once.
    let refusedAt: number | undefined
    const { url } = await startServer({ keys, rates: requestRates(60, () => (refusedAt === undefined ? 0 : performance.now() - refusedAt)) })
    let refusals = 0
    const client = createClient({
      url,
      key,
      fetch: async (at, init) => {
        const response = await fetch(at, init)
        if (response.status === 429) {
          refusals += 1
          refusedAt ??= performance.now()
        }
        return response
      },
    })
    const counted = await Promise.all(Array.from({ length: 62 }, () => client.counts(agentId)))
    expect(new Set(counted.map(({ recall }) => recall))).toEqual(new Set([0]))
    expect(refusals).toBeGreaterThan(0)
  })
})
