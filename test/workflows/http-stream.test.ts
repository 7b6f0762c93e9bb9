import { afterEach, describe, expect, test } from 'vitest'
import type { PerdureClient } from '../../src/client/client.ts'
import { createClient } from '../../src/client/client.ts'
import { turnEvent } from '../../src/server/answers/turn-event.ts'
import { say, scriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { type Http, httpOf } from '../support/http.ts'
import { served } from '../support/served.ts'

let agents: Agents
afterEach(() => agents.close())

async function begin(...steps: readonly ScriptedStep[]): Promise<{ readonly http: Http; readonly path: string }> {
  agents = await startAgents({ model: scriptedModel(steps) })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message'] })
  return { http: httpOf(agents.client), path: `/api/v1/agents/${agents.agentId}` }
}

/** Another process of the server would have a client of its own. */
const otherHttp = (): Http => httpOf(createClient({ temporal: agents.temporal, taskQueue: agents.taskQueue, stores: agents.stores }))

interface Heard {
  readonly id?: string
  readonly event?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** What is told, until `last` is or the stream ends. Each event is as the table of routes says. */
async function hear(response: Response, last: (heard: Heard) => boolean = () => false): Promise<readonly Heard[]> {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const all: Heard[] = []
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (text += chunk).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const fields = Object.fromEntries(part.split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]))
      const heard: Heard = { ...fields, ...(fields['data'] !== undefined && { data: JSON.parse(fields['data']) as Heard['data'] & object }) }
      if ('retry' in fields || '' in fields) continue
      if (heard.data?.['type'] !== undefined) turnEvent.parse(heard.data)
      all.push(heard)
      if (last(heard)) return all
    }
  }
  return all
}

const namesOf = (heard: readonly Heard[]): readonly (string | undefined)[] => heard.map(({ event }) => event).filter((event) => event !== 'delta')
const ends = (turns: number) => (heard: Heard): boolean => heard.event === 'end' && (turns -= 1) === 0
const oneTurn = ['turn', 'message', 'step', 'message', 'message', 'end']

describe('server-sent events', () => {
  test('of an agent go on after any id, at another server, without gap or repetition [http:stream]', async () => {
    const { http, path } = await begin(say('One.'), say('Two.'))
    const live = hear(await http.fetch(`${path}/events`), ends(2))
    for (const text of ['1', '2']) await agents.client.send(agents.agentId, text)
    expect(namesOf(await live)).toEqual([undefined, ...oneTurn, ...oneTurn])
    const all = await hear(await http.fetch(`${path}/events?after=0`), ends(2))
    expect(namesOf(all)).toEqual(oneTurn.concat(oneTurn))
    const other = otherHttp()
    for (const [index, { id = '' }] of all.entries()) {
      const left = all.slice(index + 1)
      if (left.length === 0) continue
      expect(await hear(await other.fetch(`${path}/events`, { headers: { 'last-event-id': id } }), ends(left.filter(({ event }) => event === 'end').length))).toEqual(left)
    }
  })

  test('of one turn come as the answer to its message, and again to whoever sends it again [http:stream live:text]', async () => {
    const { http, path } = await begin(say('Hello Ada, this is a reply.'), say('Other.'))
    const init = (headers: Readonly<Record<string, string>> = {}): RequestInit => ({
      method: 'POST',
      body: '{"text":"Hi"}',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'idempotency-key': 'hi', ...headers },
    })
    const first = await hear(await http.fetch(`${path}/messages`, init()))
    expect(namesOf(first)).toEqual(['accepted', ...oneTurn])
    expect(first[0]?.data).toMatchObject({ eventId: 'hi' })
    const shown = first.flatMap(({ event, data }) => (event === 'delta' && data?.['kind'] === 'text' ? [data['text']] : [])).join('')
    expect('Hello Ada, this is a reply.'.startsWith(shown)).toBe(true)
    await agents.client.send(agents.agentId, 'Another')
    const again = await hear(await otherHttp().fetch(`${path}/messages`, init()))
    expect(again[0]).toMatchObject({ event: 'accepted', data: { eventId: 'hi', repeated: true } })
    const stored = first.slice(1).filter(({ event }) => event !== 'delta')
    expect(again.slice(1)).toEqual(stored)
    const step = stored.find(({ event }) => event === 'step')
    const rest = await hear(await http.fetch(`${path}/messages`, init({ 'last-event-id': step?.id ?? '' })))
    expect(namesOf(rest)).toEqual(['accepted', 'message', 'message', 'end'])
    expect(await agents.client.counts(agents.agentId)).toMatchObject({ recall: 6 })
  })

  test('name the agent of a name that they are of: whoever goes on after those of an earlier one is told of the present one [http:stream agent:generations]', async () => {
    const { http, path } = await begin(say('One.'), say('Two.'), say('New.'))
    const { client, agentId } = agents
    const begun = await hear(await http.fetch(`${path}/events`), () => true)
    expect(begun).toEqual([{ id: '0' }])
    for (const text of ['1', '2']) await client.send(agentId, text, { eventId: `event-${text}` })
    const last = (await hear(await http.fetch(`${path}/events?after=0`), ends(2))).at(-1)?.id ?? expect.fail()
    await client.delete(agentId)
    const { agent } = await client.create({ id: agentId, model: 'scripted', tools: ['send_message'] })
    await client.send(agentId, '3')
    const replaced = { id: '2~0', event: 'replaced', data: { type: 'replaced', id: '2~0', key: agent.key } }
    const after = async (id: string) => hear(await otherHttp().fetch(`${path}/events`, { headers: { 'last-event-id': id } }), ends(1))
    // That of a message, that of an end, and that with which a stream begins before anything has happened.
    for (const id of ['2', last, '0']) {
      const heard = await after(id)
      expect([heard[0], namesOf(heard), heard[1]?.id]).toEqual([replaced, ['replaced', ...oneTurn], '2~1.turn'])
    }
    expect(namesOf(await hear(await http.fetch(`${path}/events?after=2`), ends(1)))).toEqual(['replaced', ...oneTurn])
    expect(namesOf(await hear(await http.fetch(`${path}/events?after=~2`), ends(1)))).toEqual(['message', 'end'])
    expect(namesOf(await after('2~0'))).toEqual(oneTurn)
    // A message that comes again to go on with its turn is not given to another agent.
    const again = { method: 'POST', body: '{"text":"2"}', headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'idempotency-key': 'event-2', 'last-event-id': last } }
    expect((await http.fetch(`${path}/messages`, again)).status).toBe(404)
    expect(await client.counts(agentId)).toMatchObject({ recall: 3 })
  })

  test('that can\'t begin are refused as any request is [http:stream]', async () => {
    const { http, path } = await begin()
    const statusOf = async (at: string, headers = {}): Promise<number> => (await http.fetch(at, { headers })).status
    expect(await statusOf('/api/v1/agents/nobody/events')).toBe(404)
    expect(await statusOf(`${path}/events`, { 'last-event-id': 'x' })).toBe(400)
    for (const after of ['-1', '1', '~1', '2~0']) expect(await statusOf(`${path}/events?after=${after}`)).toBe(400)
  })

  test('stop with bye, and readers that vanish leave no watcher and no connection [http:stream]', async () => {
    const { path } = await begin(say('Hello.'))
    let watchers = 0
    const client: PerdureClient = {
      ...agents.client,
      watch: (agent, options = {}) => {
        watchers += 1
        options.signal?.addEventListener('abort', () => (watchers -= 1), { once: true })
        return agents.client.watch(agent, options)
      },
    }
    const server = await served(client)
    const leaving = new AbortController()
    const many = await Promise.all(Array.from({ length: 100 }, () => fetch(`${server.url}${path}/events`, { signal: leaving.signal })))
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200]))
    let closing: Promise<void> | undefined
    const staying = hear(await fetch(`${server.url}${path}/events`), ({ event }) => {
      if (event === 'end') closing = server.close()
      return false
    })
    await expect.poll(() => watchers).toBe(101)
    leaving.abort()
    await expect.poll(() => watchers).toBe(1)
    await agents.client.send(agents.agentId, 'Hi')
    expect(namesOf(await staying)).toEqual([undefined, ...oneTurn, 'bye'])
    await closing
    expect(watchers).toBe(0)
  })
})
