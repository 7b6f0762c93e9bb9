import { afterEach, describe, expect, test } from 'vitest'
import { call, say, scriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { httpOf, type Http } from '../support/http.ts'
import { served } from '../support/served.ts'

let agents: Agents
afterEach(() => agents.close())

/** @returns the path of an agent that was created over HTTP */
async function begin(steps: readonly ScriptedStep[], definition: object = {}): Promise<{ readonly http: Http; readonly agent: string; readonly id: string }> {
  agents = await startAgents({ model: scriptedModel(steps) })
  const http = httpOf(agents.client)
  const created = await http.ask('POST', '/agents', { body: { id: agents.agentId, tools: ['send_message', 'core_memory_append'], ...definition } })
  expect(created).toMatchObject({ status: 201, body: { created: true, agent: { definition: { model: 'scripted' } } } })
  return { http, agent: `/agents/${agents.agentId}`, id: agents.agentId }
}

const encoded = (op: unknown): string => encodeURIComponent(String(op))

describe('over HTTP', () => {
  test('an agent is created, found, changed, undone and deleted, each with its version and status [http:api http:complete]', async () => {
    const { http, agent, id } = await begin([], { tags: [`only-${crypto.randomUUID()}`] })
    const { body: stored } = await http.ask('GET', agent)
    const [tag = ''] = (stored['definition'] as { readonly tags: readonly string[] }).tags
    expect((await http.ask('GET', `/agents?tag=${tag}&counts=true&statuses=true`)).body).toMatchObject({ agents: [{ definition: { id }, recall: 0, status: expect.any(String) as string }] })
    const change = { body: { description: 'helps' }, headers: { 'idempotency-key': 'change-1' } }
    expect((await http.ask('PATCH', agent, change)).body).toMatchObject({ version: 2, definition: { description: 'helps' } })
    expect((await http.ask('PATCH', agent, change)).body).toMatchObject({ version: 2 })
    expect((await http.ask('POST', `${agent}/definitions/undo`, { headers: change.headers })).body).toMatchObject({ status: 400, code: 'invalid-argument' })
    expect((await http.ask('GET', `${agent}/definitions/compare?before=1`)).body).toEqual({ differences: [{ field: 'description', after: 'helps' }] })
    expect((await http.ask('PATCH', `${agent}?ifVersion=1`, { body: { description: 'again' } })).body).toMatchObject({ status: 409, code: 'definition-conflict' })
    expect((await http.ask('POST', `${agent}/definitions/undo`)).body).toMatchObject({ version: 3 })
    expect((await http.ask('GET', `${agent}/definitions?limit=2`)).body).toMatchObject({ definitions: [{ version: 3 }, { version: 2 }] })
    expect((await http.ask('DELETE', agent)).body).toEqual({ deleted: true })
    expect((await http.ask('GET', agent)).body).toMatchObject({ status: 404, code: 'agent-unknown' })
  })

  test('a message is one turn however often it is sent under its key, and the repetition says that it is one [http:api mailbox:dedupe]', async () => {
    const { http, agent } = await begin([say('Hello Ada.')])
    const message = { body: { text: 'Hi' }, headers: { 'idempotency-key': 'hi' } }
    const first = await http.ask('POST', `${agent}/messages`, message)
    expect(first).toMatchObject({ status: 200, body: { eventId: 'hi', end: 'completed', replyTexts: ['Hello Ada.'] } })
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    const again = await http.ask('POST', `${agent}/messages`, message)
    expect(again.body).toEqual({ ...first.body, repeated: true })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await http.ask('POST', `${agent}/messages`, { ...message, body: { text: 'Ho' } })).body).toMatchObject({ status: 409, code: 'event-conflict' })
    expect((await http.ask('GET', `${agent}/turns/hi`)).body).toEqual(first.body)
    expect((await http.ask('GET', `${agent}/messages?after=1`)).body).toMatchObject({ messages: [{ role: 'assistant' }, { reply: 'Hello Ada.' }] })
    expect((await http.ask('GET', `${agent}/messages/search?text=hello&roles=tool`)).body).toMatchObject({ total: 1 })
    for (const look of ['state', 'context', 'counts', 'cost']) expect((await http.ask('GET', `${agent}/${look}`)).status).toBe(200)
  })

  test('who does not wait for a turn is told that the message is durable, and asks for its end later [http:api]', async () => {
    const { http, agent } = await begin([say('One.'), say('Two.'), say('Three.')])
    expect(await http.ask('POST', `${agent}/messages?wait=accepted`, { body: { text: '1' }, headers: { 'idempotency-key': 'one' } })).toMatchObject({ status: 202, body: { eventId: 'one' } })
    expect(await http.ask('POST', `${agent}/messages?wait=none`, { body: { text: '2' }, headers: { 'idempotency-key': 'two' } })).toMatchObject({ status: 202, body: { eventId: 'two' } })
    expect((await http.ask('GET', `${agent}/turns/two`)).body).toMatchObject({ replyTexts: ['Two.'] })
    const late = await http.ask('POST', `${agent}/messages?waitSeconds=0`, { body: { text: '3' }, headers: { 'idempotency-key': 'three' } })
    expect([late.status, late.body['eventId'], late.body['repeated'], late.headers.get('idempotency-replayed')]).toEqual([202, 'three', undefined, null])
    expect(await http.ask('GET', `${agent}/turns/three`)).toMatchObject({ status: 200, body: { replyTexts: ['Three.'] } })
  })

  test('a call that waits is shown, approved once, and the turn goes on [http:api turn:approval]', async () => {
    const { http, agent } = await begin([say('May I?'), say('And this?')], { approval: ['send_message'] })
    expect((await http.ask('POST', `${agent}/messages`, { body: { text: 'Hi' }, headers: { 'idempotency-key': 'hi' } })).body).toMatchObject({ end: 'parked', reason: 'approval' })
    const { calls } = (await http.ask('GET', `${agent}/calls`)).body as { readonly calls: readonly { readonly op: string }[] }
    const call = `${agent}/calls/${encoded(calls[0]?.op)}`
    expect((await http.ask('POST', `${call}/result`, { body: { text: 'x' } })).status).toBeGreaterThanOrEqual(400)
    expect((await http.ask('POST', `${call}/approve`, { body: { by: 'Grace' } })).body).toEqual({ already: false })
    expect((await http.ask('GET', `${agent}/turns/hi?until=end`)).body).toMatchObject({ end: 'completed', replyTexts: ['May I?'] })
    expect((await http.ask('POST', `${call}/refuse`)).body).toMatchObject({ code: 'call-answered', status: 409 })
    expect((await http.ask('POST', `${agent}/cancel`)).body).toEqual({ cancelled: false })
    const cancel = (turn: number) => http.ask('POST', `${agent}/cancel`, { body: { turn }, headers: { 'idempotency-key': 'stop' } })
    expect([(await cancel(5)).body, (await cancel(5)).body, (await cancel(6)).body]).toMatchObject([{ cancelled: false }, { cancelled: false }, { status: 400, code: 'invalid-argument' }])
    expect((await http.ask('POST', `${agent}/resume`)).body).toEqual({ resumed: false })
  })

  test('core memory is read, edited and undone, and a checkpoint is kept and loaded [http:api]', async () => {
    const { http, agent } = await begin([call('core_memory_append', { label: 'human', content: 'Name: Ada' })])
    await http.ask('POST', `${agent}/messages`, { body: { text: 'I am Ada.' } })
    expect((await http.ask('POST', `${agent}/checkpoints`, { body: { name: 'known' } })).body).toMatchObject({ status: 'done' })
    expect((await http.ask('PUT', `${agent}/blocks/human`, { body: { value: 'Grace', author: 'me' } })).body).toMatchObject({ value: 'Grace', author: 'me' })
    expect((await http.ask('POST', `${agent}/blocks/human/undo`)).body).toMatchObject({ value: 'Name: Ada' })
    const undo = (to: number) => http.ask('POST', `${agent}/blocks/human/undo`, { body: { to }, headers: { 'idempotency-key': 'undo-1' } })
    expect([(await undo(2)).body, (await undo(2)).body, (await undo(1)).body]).toMatchObject([{ version: 4 }, { version: 4 }, { status: 400, code: 'invalid-argument' }])
    expect((await http.ask('GET', `${agent}/blocks/human/history?limit=3`)).body).toMatchObject({ versions: [{ value: 'Name: Ada' }, { value: 'Grace' }, { value: 'Name: Ada' }] })
    for (const seen of ['', '?asSeen=true']) expect((await http.ask('GET', `${agent}/blocks${seen}`)).body).toMatchObject({ blocks: [{ label: 'persona' }, { label: 'human' }] })
    expect((await http.ask('POST', `${agent}/checkpoints/load`, { body: { name: 'known' } })).body).toMatchObject({ status: 'done' })
    expect((await http.ask('POST', `${agent}/checkpoints/load`, { body: { name: 'unknown' } })).body).toMatchObject({ status: 404, code: 'checkpoint-unknown' })
    expect((await http.ask('POST', `${agent}/pop`)).status).toBe(200)
    expect((await http.ask('PUT', `${agent}/blocks/none`, { body: { value: '' } })).body).toMatchObject({ status: 404, code: 'block-unknown' })
  })

  test('archival memory is filled, searched and corrected, by passages and by documents [http:api archival:person]', async () => {
    const { http, agent } = await begin([])
    const insert = { body: { text: 'Ada likes tea.', tags: ['drinks'] }, headers: { 'idempotency-key': 'tea' } }
    const { body: inserted } = await http.ask('POST', `${agent}/passages`, insert)
    const passage = `${agent}/passages/${encoded(inserted['op'])}`
    const again = await http.ask('POST', `${agent}/passages`, insert)
    expect(again).toMatchObject({ status: 200, body: { already: true } })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await http.ask('GET', `${agent}/passages/search?text=tea&tags=drinks&tags=food`)).body).toMatchObject({ total: 1, passages: [{ text: 'Ada likes tea.' }] })
    await http.ask('PATCH', passage, { body: { text: 'Ada likes green tea.' } })
    expect((await http.ask('GET', passage)).body).toMatchObject({ text: 'Ada likes green tea.', origin: { by: 'person' } })
    const { body: next } = await http.ask('POST', `${passage}/supersede`, { body: { text: 'Ada likes coffee.' } })
    expect((await http.ask('PATCH', passage, { body: { text: 'x' } })).body).toMatchObject({ status: 409, code: 'passage-superseded' })
    expect((await http.ask('GET', `${agent}/passages?superseded=true`)).body['passages']).toHaveLength(2)
    await http.ask('DELETE', `${agent}/passages/${encoded(next['op'])}?by=me`)
    const form = new FormData()
    form.append('file', new File(['The tea house opens at nine.'], 'hours.md'))
    expect((await http.ask('POST', `${agent}/documents`, { body: form })).body).toMatchObject({ loaded: 1, passages: 1, failed: [] })
    expect((await http.ask('GET', `${agent}/documents`)).body).toMatchObject({ total: 1, documents: [{ name: 'hours.md', status: 'loaded' }] })
    expect((await http.ask('DELETE', `${agent}/documents/hours.md`)).body).toMatchObject({ removed: 1 })
  })

  test('timers, budgets, imports and the end of an agent [http:api http:complete]', async () => {
    const { http, agent, id } = await begin([])
    const tea = { body: { text: 'Tea!', afterMs: 3_600_000 } }
    expect((await http.ask('PUT', `${agent}/timers/tea`, tea)).body).toMatchObject({ status: 'scheduled' })
    expect((await http.ask('PUT', `${agent}/timers/tea`, tea)).body).toMatchObject({ status: 'unchanged' })
    expect((await http.ask('GET', `${agent}/timers`)).body).toMatchObject({ timers: [{ id: 'tea', text: 'Tea!' }] })
    expect((await http.ask('DELETE', `${agent}/timers/tea`)).body).toEqual({ removed: true })
    expect((await http.ask('PATCH', `${agent}/budget`, { body: { turn: { steps: 9 }, agent: { tokens: 1_000_000 } } })).body).toMatchObject({ budget: { steps: 9 }, agentBudget: { tokens: 1_000_000 } })
    expect((await http.ask('POST', `${agent}/recover`)).body).toEqual({ recovery: 'well' })
    const messages = [{ role: 'user', text: 'Hello', at: '2024-05-08T13:56:00Z' }, { role: 'assistant', text: 'Hi', at: '2024-05-08T13:57:00Z' }]
    expect((await http.ask('POST', '/imports', { body: { agent: { id: `${id}-2` }, messages } })).body).toMatchObject({ messages: 2 })
    expect((await http.ask('POST', `${agent}/archive`)).body).toMatchObject({ status: 'done' })
    expect((await http.ask('POST', `${agent}/messages`, { body: { text: 'Still there?' } })).body).toMatchObject({ status: 410, code: 'agent-archived' })
  })
})

describe('the server at a port', () => {
  test('tells who waits when it stops, ends, and loses no message [http:api]', async () => {
    const { http, agent, id } = await begin([say('Hello.')])
    const { client, temporal } = agents
    const server = await served(client)
    expect(await (await fetch(`${server.url}/ready`)).json()).toEqual({ status: 'ready' })
    await agents.withoutWorker(async () => {
      await temporal.workflow.getHandle(`agent:${id}`).describe()
      const waiting = fetch(`${server.url}/api/v1${agent}/turns/hi`)
      await http.ask('POST', `${agent}/messages?wait=none`, { body: { text: 'Hi' }, headers: { 'idempotency-key': 'hi' } })
      // The request has to have been taken before the server stops.
      await fetch(`${server.url}/health`)
      await server.close()
      const answer = await waiting
      expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'shutting-down' }])
      await expect(fetch(`${server.url}/health`)).rejects.toThrow()
    })
    expect((await http.ask('GET', `${agent}/turns/hi`)).body).toMatchObject({ replyTexts: ['Hello.'] })
  })

  test('is refused where other machines could reach it, and where the port is taken [http:api]', async () => {
    await begin([])
    for (const address of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0']) await expect(served(agents.client, { address })).rejects.toMatchObject({ code: 'config-invalid' })
    const server = await served(agents.client)
    await expect(served(agents.client, { address: new URL(server.url).host })).rejects.toMatchObject({ code: 'port-busy' })
    await server.close()
  })
})
