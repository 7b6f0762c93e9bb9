import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { PerdureClient } from '../../src/client/client.ts'
import { defineClientTool } from '../../src/client/client-tool.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { tenantAttribute } from '../../src/protocol/search-attributes.ts'
import { idsOf } from '../../src/protocol/tenant.ts'
import { call, fail, ModelError, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { tellsNoPrefix } from '../support/tells-no-prefix.ts'

/** Each repeats what it was told, and the first thing that it was ever told. */
const parrot = (): ScriptedModel => scriptedModel([], { afterwards: ({ messages }) => say(`You say ${messages.findLast(({ role }) => role === 'user')?.content ?? ''}`) })

let agents: Agents
/** No other test has these. */
let tenants: readonly [string, string]
let acme: PerdureClient
let beta: PerdureClient
async function begin(model = parrot()): Promise<void> {
  agents = await startAgents({ model })
  acme = tellsNoPrefix(agents.clientOf(tenants[0]), tenants[0])
  beta = tellsNoPrefix(agents.clientOf(tenants[1]), tenants[1])
}
beforeEach(() => {
  const end = randomUUID().slice(0, 8)
  tenants = [`acme-${end}`, `beta-${end}`]
})
afterEach(() => agents.close())

const tools = ['send_message', 'core_memory_append']
const create = (client: PerdureClient, id = 'ada') => client.create({ id, model: 'scripted', tools })
const idsIn = async (client: PerdureClient): Promise<readonly string[]> => (await client.list()).map(({ key }) => key)

describe('two tenants', () => {
  test('have agents of one name, which have nothing of each other; and so has the default tenant [http:tenants]', async () => {
    await begin()
    const third = agents.client
    const name = agents.agentId
    const all = [acme, beta, third]
    for (const client of all) expect(await create(client, name)).toMatchObject({ created: true, agent: { key: name, definition: { id: name, blocks: [{ blockId: `${name}/persona` }, { blockId: `${name}/human` }] } } })
    for (const [index, client] of all.entries()) {
      expect(await client.send(name, `secret ${index}`, { eventId: 'one' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: [expect.stringContaining(`secret ${index}`) as string] })
      await client.editBlock(name, 'human', `human ${index}`, { commandId: 'edit' })
      await client.insertPassage(name, `passage ${index}`, { commandId: 'passage' })
      await client.schedule(name, { id: 'tea', text: `timer ${index}`, afterMs: 3_600_000 })
      await client.command(name, { type: 'save', name: 'point' }, { commandId: 'save' })
      expect(await client.loadDocuments(name, [{ name: 'notes.md', bytes: Buffer.from(`document ${index}`) }])).toMatchObject({ loaded: 1 })
    }
    for (const [index, client] of all.entries()) {
      const held = JSON.stringify([
        await client.messages(name), await client.blocks(name), await client.blockHistory(name, 'human'), await client.passages(name), await client.timers(name),
        await client.searchRecall(name, { text: 'secret' }), await client.searchArchival(name, { text: 'passage document' }), await client.context(name), await client.documents(name),
      ])
      for (const what of ['secret', 'human', 'passage', 'timer', 'document']) expect([index, what, [0, 1, 2].filter((other) => held.includes(`${what} ${other}`))]).toEqual([index, what, [index]])
      expect((await client.passages(name)).map(({ op }) => op.split('/').slice(0, 2))).toEqual([[name, 'document'], [name, 'person']])
      expect(await client.counts(name)).toMatchObject({ archival: 2 })
      expect(await client.cost(name)).toMatchObject({ agentId: name, total: { steps: expect.any(Number) as number } })
    }
    expect([(await acme.cost(name)).tenant, (await third.cost(name)).tenant]).toEqual([tenants[0], undefined])
    expect([await idsIn(acme), await idsIn(beta), (await idsIn(third)).filter((id) => id.includes(name))]).toEqual([[name], [name], [name]])
  })

  test('can have one of theirs archived, recovered or deleted, and the other\'s lives on [http:tenants agent:generations]', async () => {
    await begin()
    for (const client of [acme, beta]) {
      for (const name of ['ada', 'bob']) await create(client, name)
      await client.send('ada', 'Hi')
    }
    await agents.temporal.workflow.getHandle(workflowIdOf(`.${tenants[0]}.ada`)).terminate()
    expect([await acme.recover('ada'), await beta.recover('ada')]).toEqual(['started', 'well'])
    await acme.command('bob', { type: 'archive', erase: false })
    expect((await beta.get('bob'))?.archivedAt).toBeUndefined()
    await acme.delete('ada')
    await expect(acme.send('ada', 'Still there?')).rejects.toMatchObject({ code: 'agent-unknown', message: expect.stringContaining('"ada"') as string })
    expect(await beta.send('ada', 'Still there?')).toMatchObject({ turn: 2, end: 'completed' })
    expect(await create(acme)).toMatchObject({ created: true, agent: { key: 'ada~2' } })
    expect(await acme.send('ada~2', 'Hi')).toMatchObject({ turn: 1 })
    expect([await beta.get('ada~2'), await idsIn(acme), await idsIn(beta)]).toEqual([undefined, ['ada~2', 'bob'], ['ada', 'bob']])
    expect((await agents.stores.memory.agents.list({ within: idsOf(tenants[0]), limit: 10 })).map(({ key }) => key)).toEqual([`.${tenants[0]}.ada~2`, `.${tenants[0]}.bob`])
  })

  test('share no block, whatever it is called, and can\'t be made to [http:tenants multi:shared-blocks]', async () => {
    await begin()
    const team = { label: 'team', blockId: 'team', description: 'what all know', limit: 500 }
    const shared = { label: 'rules', value: 'of acme', shared: true, limit: 500 }
    await acme.create({ id: 'ada', model: 'scripted', tools, blocks: [team, shared] })
    await acme.create({ id: 'bob', model: 'scripted', tools, blocks: [team, { label: 'rules', blockId: 'ada/rules', limit: 500 }] })
    await beta.create({ id: 'eve', model: 'scripted', tools, blocks: [team] })
    await acme.editBlock('ada', 'team', 'known in acme')
    await acme.editBlock('bob', 'rules', 'changed by bob')
    const valueOf = async (client: PerdureClient, id: string, label: string) => (await client.blocks(id)).find((block) => block.label === label)
    expect(await valueOf(acme, 'bob', 'team')).toMatchObject({ blockId: 'team', value: 'known in acme' })
    expect(await valueOf(acme, 'ada', 'rules')).toMatchObject({ blockId: 'ada/rules', value: 'changed by bob' })
    expect(await valueOf(beta, 'eve', 'team')).toMatchObject({ blockId: 'team', value: '' })
    const inner = `.${tenants[0]}.`
    for (const client of [beta, agents.client]) {
      const id = `thief-${agents.agentId}`
      for (const blockId of ['ada/rules', `${inner}ada/rules`, `.${inner}ada/rules`]) {
        const rules = { label: 'rules', blockId, limit: 500 }
        await expect(client.create({ id, model: 'scripted', tools, blocks: [rules] })).rejects.toMatchObject({ code: 'block-private' })
      }
      await client.create({ id, model: 'scripted', tools, blocks: [{ ...team, blockId: `${inner}team` }] })
      expect(await valueOf(client, id, 'team')).toMatchObject({ value: '' })
      for (const blockId of ['ada/rules', `${inner}ada/rules`]) await expect(client.update(id, { blocks: { rules: { blockId } } })).rejects.toMatchObject({ code: 'block-private' })
      await client.editBlock(id, 'team', 'of the thief')
    }
    expect(await valueOf(acme, 'bob', 'team')).toMatchObject({ value: 'known in acme' })
    // A worker applies a change as the tenant means it.
    expect((await beta.update('eve', { blocks: { more: { blockId: 'more', limit: 500 } } })).definition.blocks.map(({ blockId }) => blockId)).toEqual(['team', 'more'])
    expect((await agents.stores.memory.agents.get(`.${tenants[1]}.eve`))?.definition.blocks.map(({ blockId }) => blockId)).toEqual(['team', 'more'].map((id) => `.${tenants[1]}.${id}`))
  })

  test('each see their own agents alone by status, by tag and page by page [http:tenants]', async () => {
    await begin(scriptedModel([], { afterwards: () => fail(new ModelError('refused', 'the key is no good')) }))
    for (const client of [acme, beta]) for (const id of ['ada', 'bob', 'cid']) await client.create({ id, model: 'scripted', tools, tags: ['birds'] })
    await acme.send('bob', 'Hi')
    await beta.send('cid', 'Hi')
    const parked = async (client: PerdureClient) => (await client.list({ status: 'parked' })).agents.map(({ key }) => key)
    await expect.poll(() => Promise.all([parked(acme), parked(beta)]), { timeout: 20_000 }).toEqual([['bob'], ['cid']])
    expect((await agents.client.list({ status: 'parked' })).agents.filter(({ key }) => ['bob', 'cid'].includes(key))).toEqual([])
    const first = await acme.list({ tag: 'birds', limit: 2, statuses: true, counts: true })
    expect([first.agents.map(({ key }) => key), first.next]).toEqual([['ada', 'bob'], 'bob'])
    expect(await acme.list({ tag: 'birds', limit: 2, after: first.next ?? '' })).toMatchObject({ agents: [{ key: 'cid' }] })
    // What stands there comes before, or behind, all that is the tenant's.
    for (const after of ['.', `.${tenants[1]}.a`, `.${tenants[0]}.bob`]) expect((await acme.list({ after, limit: 1 })).agents.map(({ key }) => key)).toEqual(['ada'])
  })
})

describe('a tenant', () => {
  test('is what operators find its workflows by; the default one has no mark [http:tenants ui:legible]', async () => {
    await begin()
    const name = agents.agentId
    for (const client of [acme, agents.client]) await create(client, name)
    await acme.loadDocuments(name, [{ name: 'notes.md', bytes: Buffer.from('A heron.') }])
    const found = async (query: string): Promise<readonly string[]> => {
      const ids: string[] = []
      for await (const { workflowId } of agents.temporal.workflow.list({ query })) ids.push(workflowId)
      return ids.toSorted()
    }
    await expect.poll(() => found(`${tenantAttribute.name} = '${tenants[0]}'`), { timeout: 20_000 }).toEqual([`agent:.${tenants[0]}.${name}`, `documents:.${tenants[0]}.${name}`])
    expect(await found(`WorkflowId = 'agent:${name}' AND ${tenantAttribute.name} IS NULL`)).toEqual([`agent:${name}`])
    // Temporal holds all tenants: it is the operator's to look at.
    expect([await acme.workflow(name), (await agents.client.workflow(name))?.workflowId]).toEqual([undefined, `agent:${name}`])
  })

  test('is told of calls that wait, and answers them, by its own ids; by another\'s nothing is answered [http:tenants turn:approval]', async () => {
    await begin(scriptedModel([], { afterwards: ({ messages }) => (messages.at(-1)?.role === 'tool' ? say('Done.') : call('core_memory_append', { label: 'human', content: 'tall' }, { heartbeat: true })) }))
    for (const client of [acme, beta]) {
      await client.create({ id: 'ada', model: 'scripted', tools, approval: ['core_memory_append'] })
      expect(await client.send('ada', 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'parked', waiting: [{ op: 'ada/1/1/0' }] })
    }
    const op = 'ada/1/1/0'
    expect(await acme.waiting('ada')).toMatchObject([{ op, name: 'core_memory_append' }])
    for (const foreign of [`.${tenants[1]}.${op}`, `.${tenants[0]}.${op}`]) await expect(acme.approve('ada', foreign)).rejects.toMatchObject({ code: 'call-unknown' })
    await expect(agents.client.approve('ada', `.${tenants[0]}.${op}`)).rejects.toMatchObject({ code: 'agent-unknown' })
    expect(await acme.approve('ada', op, { by: 'Ann' })).toEqual({ already: false })
    expect(await acme.outcome('ada', 'hi', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Done.'] })
    expect(await beta.waiting('ada')).toMatchObject([{ op }])
    const told = acme.watch('ada', { after: 0 })
    expect((await told.next()).value).toMatchObject({ type: 'turn' })
    await told.return?.()
  })

  test('is told of all that it does as the default tenant is: by nothing that a client answers one could tell them apart [http:tenants client:sdk]', async () => {
    await begin(scriptedModel([], { afterwards: ({ messages }) => (messages.at(-1)?.role !== 'tool' && messages.findLast(({ role }) => role === 'user')?.content.includes('look') ? call('look_up', { word: 'heron' }, { heartbeat: true }) : say('Done.')) }))
    const name = agents.agentId
    const ops: string[] = []
    const lookUp = defineClientTool({ name: 'look_up', description: 'looks a word up', schema: z.object({ word: z.string() }), run: async ({ word }, { op, agentId }) => (ops.push(op), `${word} of ${agentId}`) })
    const everything = async (client: PerdureClient): Promise<string> => {
      const told: unknown[] = []
      const tell = async (answer: Promise<unknown>): Promise<void> => void told.push(await answer.catch((error: unknown) => (error instanceof PerdureError ? [error.code, error.message] : Promise.reject(error as Error))))
      const leaving = new AbortController()
      await tell(client.create({ id: name, model: 'scripted', tools: ['send_message'], clientTools: [lookUp.definition], tags: ['birds'], blocks: [{ label: 'human', shared: true }, { label: 'team', blockId: `team-${name}` }] }))
      await tell(client.importConversation({ id: `${name}-old`, model: 'scripted', tools: ['send_message'], blocks: [{ label: 'human', blockId: `${name}/human` }] }, [{ role: 'user', text: 'Hi', at: '2024-05-08T13:56:00Z' }, { role: 'assistant', text: 'Hello', at: '2024-05-08T13:57:00Z' }]))
      await tell(client.send(name, 'Hi', { eventId: 'hi', onAccepted: (accepted) => told.push(accepted) }))
      await tell(client.send(name, 'Hi', { eventId: 'hi' }))
      const parked = client.send(name, 'look', { eventId: 'look' })
      await tell(parked)
      await tell(client.state(name))
      await tell(client.waiting(name))
      const served = client.serveTools(name, [lookUp], { signal: leaving.signal })
      await tell(client.outcome(name, 'look', { until: 'end' }))
      leaving.abort()
      await served
      await tell(client.insertPassage(name, 'a heron', { commandId: 'p1' }))
      await tell(client.supersedePassage(name, `${name}/person/p1`, 'two herons', { commandId: 'p2' }))
      await tell(client.editPassage(name, `${name}/person/p2`, 'three herons', { commandId: 'p3' }))
      await tell(client.editPassage(name, `${name}/person/p1`, 'four herons', { commandId: 'p4' }))
      await tell(client.passage(name, `${name}/person/nothing`))
      await tell(client.passages(name, { superseded: true }))
      await tell(client.searchArchival(name, { text: 'heron', superseded: true }))
      await tell(client.loadDocuments(name, [{ name: 'notes.md', bytes: Buffer.from('A heron.') }]))
      // The agent is told of them by an event, whose turn would otherwise run beside what comes next.
      await expect.poll(async () => { const { counters, running } = await client.state(name); return [counters.turns, running] }, { timeout: 20_000 }).toEqual([3, undefined])
      await tell(client.documents(name))
      await tell(client.editBlock(name, 'human', 'tall', { commandId: 'b1' }))
      await tell(client.editBlock(name, 'nothing', 'tall'))
      await tell(client.undoBlock(name, 'human', { commandId: 'b2' }))
      await tell(client.blockHistory(name, 'human'))
      await tell(client.blocks(`${name}-old`))
      await tell(client.blocksAsSeen(name))
      await tell(client.update(name, { description: 'sees birds' }, { commandId: 'd1' }))
      await tell(client.definitions(name))
      await tell(client.compareDefinitions(name, { before: 1 }))
      await tell(client.undoDefinition(name, { commandId: 'd2' }))
      await tell(client.setBudget(name, { turn: { steps: 9 } }, { commandId: 'd3' }))
      await tell(client.schedule(name, { id: 'tea', text: 'tea', at: '2999-01-01T00:00:00Z' }))
      await tell(client.timers(name))
      await tell(client.command(name, { type: 'save', name: 'point' }, { commandId: 'c1' }))
      await tell(client.checkpoints(name))
      for (const read of [client.messages(name), client.context(name), client.searchRecall(name, { text: 'heron' }), client.counts(name), client.get(name), client.messages(`${name}-old`), client.get(`${name}-old`)]) await tell(read)
      told.push({ ...(await client.cost(name)), tenant: undefined }, (await client.list({ tag: 'birds' })).agents.filter(({ key }) => key === name))
      for await (const event of client.watch(name, { after: 0 })) {
        if (['turn', 'step', 'message', 'end'].includes(event.type)) told.push(event)
        if (event.type === 'end' && event.eventId === 'look') break
      }
      await tell(client.delete(`${name}-old`))
      await tell(client.send(`${name}-old`, 'Hi'))
      return JSON.stringify(told, undefined, 1)
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, 'UUID')
        // The model counts its calls, over all agents.
        .replaceAll(/call_\d+_/g, 'call_')
        .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
        .replaceAll(/"(latencyMs|since|until|retryAt|acceptedAt|score|digest)": [^\n]+/g, '"$1": ANY')
    }
    expect(await everything(acme)).toBe(await everything(agents.client))
    expect(ops).toEqual([`${name}/2/1/0`, `${name}/2/1/0`])
  })

  test('makes, lists and revokes keys of its own, and none of another [http:tenants http:keys]', async () => {
    await begin()
    const input = { name: 'the page', scopes: ['admin'] } as const
    const ours = await acme.createAccessKey(input)
    const theirs = await beta.createAccessKey(input)
    expect(ours).toMatchObject({ key: expect.stringMatching(new RegExp(`^pdr_${tenants[0]}\\.[0-9a-f]{16}_[0-9a-f]{64}$`)) as string, accessKey: { tenant: tenants[0], id: expect.stringMatching(/^[0-9a-f]{16}$/) as string } })
    expect((await acme.accessKeys()).map(({ id }) => id)).toEqual([ours.accessKey.id])
    expect((await agents.client.accessKeys()).filter(({ id }) => [ours, theirs].some(({ accessKey }) => accessKey.id === id))).toEqual([])
    for (const client of [acme, agents.client]) await expect(client.revokeAccessKey(theirs.accessKey.id)).rejects.toMatchObject({ code: 'access-key-unknown' })
    for (const client of [acme, agents.client]) await expect(client.revokeAccessKey(`.${tenants[1]}.${theirs.accessKey.id}`)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect((await beta.accessKeys())[0]?.revokedAt).toBeUndefined()
    expect(await beta.revokeAccessKey(theirs.accessKey.id)).toMatchObject({ tenant: tenants[1], revokedAt: expect.any(String) as string })
  })

  test('of a name that none can have is refused [http:tenants]', async () => {
    await begin()
    for (const name of ['', '.acme', 'a.b', 'Acme', 'a/b']) expect(() => agents.clientOf(name)).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as Error)
  })
})
