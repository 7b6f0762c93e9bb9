import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { accessKeyCheck } from '../../../src/client/access-key-check.ts'
import type { PerdureClient } from '../../../src/client/client.ts'
import { isKeyId } from '../../../src/client/key-text.ts'
import { innerId, prefixOf } from '../../../src/protocol/tenant.ts'
import { responseIdOf } from '../../../src/server/openai/response-id.ts'
import { routes } from '../../../src/server/routes.ts'
import { call, say, scriptedModel } from '../../../src/testing.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { httpOf, type Http } from '../../support/http.ts'
import { answerOf, attemptsOn, type Attempt } from '../../support/tenant-attack.ts'

let agents: Agents
afterEach(() => agents.close())

/** Stores tell tenants apart by how ids begin, and by nothing else: of the attempts on the servers' stores, which are dear, each pairing has one in three. */
const oneIn = inject('storeServers') === undefined ? 1 : 3

const tools = ['send_message', 'core_memory_append']
/** Stands in each text of the victim's. Another one in each test, as they may share their servers, and the default tenant. */
let mark = ''

/** What there is of a tenant, as its own client tells it. */
async function allOf(client: PerdureClient, names: readonly string[]): Promise<unknown> {
  const of = async (name: string) => {
    const { blocks } = (await client.get(name))?.definition ?? { blocks: [] }
    return Promise.all([
      client.get(name), client.messages(name), client.context(name), client.state(name), client.blocks(name), client.passages(name, { superseded: true }), client.documents(name), client.timers(name), client.checkpoints(name),
      client.waiting(name), client.definitions(name), client.cost(name), client.counts(name), Promise.all(blocks.map(({ label }) => client.blockHistory(name, label))),
    ])
  }
  const keys = (await client.accessKeys()).filter(({ name }) => name === mark).map((known) => ({ ...known, lastUsedAt: undefined }))
  return [await Promise.all(names.map(of)), keys]
}

/** An agent that has one of everything, and stands still for an approval. */
async function victim(client: PerdureClient, name: string): Promise<readonly string[]> {
  await client.create({ id: name, model: 'scripted', description: mark, tags: [mark], tools, approval: ['core_memory_append'], blocks: [{ label: 'human', value: mark, shared: true }, { label: 'team', blockId: `team-${name}`, value: mark }] })
  await client.send(name, `Hi, ${mark}`, { eventId: `first-${name}` })
  await client.command(name, { type: 'save', name: `saved-${name}` })
  const { op: passage } = await client.insertPassage(name, mark)
  await client.schedule(name, { id: `tea-${name}`, text: mark, afterMs: 24 * 3_600_000 })
  await client.loadDocuments(name, [{ name: `${name}.md`, bytes: Buffer.from(mark) }])
  const { accessKey } = await client.createAccessKey({ name: mark, scopes: ['admin'] })
  const { waiting = [] } = await client.send(name, `note ${mark}`, { eventId: `second-${name}` })
  const waits = waiting[0]?.op ?? ''
  expect(waits).toBe(`${name}/3/1/0`)
  const { seq = 0 } = (await client.messages(name)).at(-1) ?? {}
  return [name, `${name}~1`, `first-${name}`, `second-${name}`, `saved-${name}`, passage, `tea-${name}`, `${name}.md`, accessKey.id, waits, `${name}/human`, `team-${name}`, `${seq}`, `${seq}.turn`, `${name}/1/1`, `${name}/event/first-${name}`]
}

/** What an answer says but for what was asked, and for what is another each time. */
function shapeOf(text: string, value: string): string {
  const said = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1)].toSorted((one, other) => other.length - one.length)
  return said.reduce((left, written) => left.replaceAll(written, '<said>'), text)
}

describe.each([
  ['of another tenant', 'acme', 'evil'],
  ['of the default tenant', undefined, 'evil'],
  ['of a tenant, by the default one', 'acme', undefined],
] as const)('ids %s, put into each field of each route,', (_, whose, whom) => {
  test('tell nothing, change nothing, and are answered as ids that never were [http:tenants]', { timeout: 600_000 }, async () => {
    agents = await startAgents({
      model: scriptedModel([], { afterwards: ({ messages }) => (messages.findLast(({ role }) => role === 'user')?.content.includes('note') === true && messages.at(-1)?.role !== 'tool' ? call('core_memory_append', { label: 'human', content: mark }, { heartbeat: true }) : say('Done.')) }),
    })
    const end = randomUUID().slice(0, 6)
    mark = `sealed heron ${end}`
    const tenants = [whose, whom].map((tenant) => tenant && `${tenant}-${end}`) as [string | undefined, string | undefined]
    const [theirs, ours] = tenants.map((tenant) => agents.clientOf(tenant)) as [PerdureClient, PerdureClient]
    const name = `v${end}`
    const known = await victim(theirs, name)
    const unknown = known.map((id) => (isKeyId(id) ? '0f'.repeat(8) : id.replaceAll(name, `n${end}`)))
    const { key } = await ours.createAccessKey({ name: 'of the attacker', scopes: ['admin'] })
    const http = httpOf(ours, { keys: accessKeyCheck(agents.stores.memory.accessKeys), clientOf: (tenant) => agents.clientOf(tenant) })
    const before = await allOf(theirs, [name])

    const own = `t${end}`
    const mend = async (): Promise<void> => {
      if ((await ours.get(own))?.archivedAt !== undefined) await ours.delete(own)
      await ours.create({ id: own, model: 'scripted', tools })
    }
    await mend()
    await openAi(http, key, { name, unknown: `n${end}`, own })
    let [thought, made] = [0, 0]
    // Once the attacker has agents of these names, those are meant.
    const last = ['create', 'importConversation']
    for (const route of routes.toSorted((one, other) => last.indexOf(one.operation) - last.indexOf(other.operation))) {
      for (const attempt of attemptsOn(route, { path: { agent: own, label: 'human', op: `${own}/1/1/0`, event: 'none', timer: 'none', name: 'none', key: '0'.repeat(16) }, key })) {
        for (const [value, control] of valuesFor(attempt, { known, unknown, tenant: tenants[0] })) {
          thought += 1
          if (thought % oneIn !== 0) continue
          const ask = async (said: string) => {
            if (endsIt.includes(route.operation)) await mend()
            if (last.includes(route.operation)) await ours.delete('another').catch(() => undefined)
            return asked(http, attempt, said)
          }
          const answered = await ask(value)
          const never = await ask(control)
          made += 1
          const where = `${route.operation}, ${attempt.field}, ${JSON.stringify(value)}`
          // A place in a stream is a number, which every agent comes to.
          if (value !== control) expect([where, answered.status], `${answered.text} / ${never.text}`).toEqual([where, never.status])
          if (value !== control && answered.status >= 400) expect([where, answered.shape]).toEqual([where, never.shape])
          expect([where, answered.text.includes(mark) || (tenants[0] !== undefined && answered.shape.includes(prefixOf(tenants[0])))]).toEqual([where, false])
        }
      }
    }
    expect(made).toBeGreaterThan(1_000 / oneIn)
    expect(await allOf(theirs, [name])).toEqual(before)
  })
})

/** After these the attacker's agent is not what it was. */
const endsIt = ['archive', 'delete']

/** Fields that name something: each id is put there. Of the others, which take any text, some of the ids. */
const naming = /^path|blockId$|^header|^query (after|event)$|^file|^body (id|agent\.id|name)$/

interface Ids {
  readonly known: readonly string[]
  readonly unknown: readonly string[]
  readonly tenant: string | undefined
}

let turn = 0
/** Ids of the victim's, as its tenant says them, as stores have them, and as one might think that they are; beside each one that never was. */
function valuesFor({ field }: Attempt, { known, unknown, tenant }: Ids): readonly (readonly [value: string, control: string])[] {
  const forms = [(id: string) => id, (id: string) => innerId(tenant, id), (id: string) => `${tenant ?? ''}.${id}`, (id: string) => `.${innerId(tenant, id)}`, (id: string) => `agent:${innerId(tenant, id)}`]
  const each = (form: (id: string) => string) => known.map((id, index) => [form(id), form(unknown[index] ?? '')] as const)
  const [said = [], ...others] = forms.map(each)
  if (!naming.test(field)) return [said, ...others].map((list) => list[(turn += 1) % list.length] ?? (['', ''] as const)).slice(0, 2)
  const [inner = [], ...guessed] = others
  return [...said, ...(tenant === undefined ? [] : inner), ...guessed.map((list) => list[(turn += 1) % list.length] ?? ['', ''] as const)]
}

async function asked(http: Http, attempt: Attempt, value: string): Promise<{ readonly status: number; readonly text: string; readonly shape: string }> {
  const { path, init } = attempt.request(value)
  const response = await http.fetch(path, init)
  const text = await answerOf(response)
  return { status: response.status, text, shape: shapeOf(text, value) }
}

async function openAi(http: Http, key: string, { name, unknown, own }: { readonly name: string; readonly unknown: string; readonly own: string }): Promise<void> {
  const ask = async (path: string, body?: object, headers: object = {}) => {
    const response = await http.fetch(`/openai/v1${path}`, { method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return [response.status, shapeOf(shapeOf(await response.text(), name), unknown)] as const
  }
  const messages = [{ role: 'user', content: 'Hi' }]
  expect((await ask('/models'))[1]).not.toContain(name)
  const alike = [
    (id: string) => ask(`/models/${id}`),
    (id: string) => ask('/chat/completions', { model: id, messages }),
    (id: string) => ask('/responses', { model: id, input: 'Hi' }),
    (id: string) => ask('/responses', { model: own, input: 'Hi', previous_response_id: responseIdOf(id, `first-${id}`, 0) }),
  ]
  for (const request of alike) {
    const [status, shape] = await request(name)
    expect([status, shape]).toEqual(await request(unknown))
    expect(status).toBeGreaterThanOrEqual(400)
  }
  for (const event of [`first-${name}`, `second-${name}`]) {
    const [status, text] = await ask('/chat/completions', { model: own, messages }, { 'idempotency-key': event })
    expect([status, text.includes(mark)]).toEqual([200, false])
  }
}
