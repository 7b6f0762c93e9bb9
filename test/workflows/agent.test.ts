import { afterEach, describe, expect, test } from 'vitest'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { modelAttribute, statusAttribute } from '../../src/protocol/search-attributes.ts'
import { call, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'
import { historyText } from '../support/history-text.ts'

let agents: Agents
afterEach(() => agents.close())

async function withModel(model: ScriptedModel, changes: object = {}): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...changes })
}

const blockValue = async (label: string): Promise<string | undefined> => (await agents.client.blocks(agents.agentId)).find((block) => block.label === label)?.value

describe('creating an agent', () => {
  test('twice with the same definition changes nothing, with another one is a conflict [agent:create]', async () => {
    await withModel(scriptedModel([]), { persona: 'I am Sam.' })
    const same = { id: agents.agentId, model: 'scripted', persona: 'I am Sam.' }
    expect(await agents.client.create(same)).toMatchObject({ created: false })
    await expect(agents.client.create({ ...same, persona: 'I am Max.' })).rejects.toMatchObject({ code: 'agent-exists' })
  })

  test('says which workflow it is, and where Temporal shows that; of no agent there is none [client:sdk ui:legible]', async () => {
    await withModel(scriptedModel([]))
    const { client, agentId, taskQueue, temporal } = agents
    const place = await client.workflow(agentId)
    expect(place).toEqual({ workflowId: `agent:${agentId}`, namespace: 'default', taskQueue, url: `http://temporal-ui.test/namespaces/default/workflows/agent%3A${agentId}` })
    expect((await temporal.workflow.getHandle(place?.workflowId ?? '').describe()).taskQueue).toBe(taskQueue)
    await expect(client.workflow('nobody')).rejects.toMatchObject({ code: 'agent-unknown' })
  })

  test('by many at once makes one agent and one workflow [agent:create agent:one-workflow]', async () => {
    await withModel(scriptedModel([say('Hello.')]))
    const id = `${agents.agentId}-many`
    const made = await Promise.all(Array.from({ length: 5 }, () => agents.client.create({ id, model: 'scripted' })))
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    expect(await agents.client.send(id, 'Hi')).toMatchObject({ turn: 1, replyTexts: ['Hello.'] })
  })

  test.each([
    ['an id that is not usable', { id: 'No Spaces' }, /agent id/],
    ['a field that is not there', { id: 'a', colour: 'red' }, /colour/],
    ['a block over its limit', { id: 'a', blocks: [{ label: 'human', limit: 5, value: 'much too long' }] }, /longer than its limit/],
    ['two blocks of one label', { id: 'a', blocks: [{ label: 'human' }, { label: 'human' }] }, /same label/],
    ['thresholds that cross', { id: 'a', pressure: { warning: 0.9, flush: 0.8 } }, /below/],
  ])('with %s is refused, and the error names it [agent:create]', async (_, input, text) => {
    await withModel(scriptedModel([]))
    await expect(agents.client.create(input as never)).rejects.toThrow(text)
  })

  test('whose own texts leave no room in the window is refused, and told which are too large [context:budget]', async () => {
    await withModel(scriptedModel([]))
    await expect(agents.client.create({ id: 'large', contextWindow: 2_000, persona: 'x'.repeat(9_000) })).rejects.toMatchObject({ code: 'definition-too-large' })
  })

  test('that is unknown can not be talked to [client:sdk]', async () => {
    await withModel(scriptedModel([]))
    await expect(agents.client.send('nobody', 'Hi')).rejects.toMatchObject({ code: 'agent-unknown' })
  })
})

describe('an agent whose workflow is gone', () => {
  test('goes on from its stores: context, memory and numbers [agent:one-workflow]', async () => {
    const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }), say('Hello Ada.'), say('I know you, Ada.')])
    await withModel(model)
    await agents.client.send(agents.agentId, 'I am Ada.')
    await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).terminate('somebody pressed the wrong button')
    expect(await agents.client.send(agents.agentId, 'Who am I?')).toMatchObject({ turn: 2, replyTexts: ['I know you, Ada.'] })
    const prompt = model.requests.at(-1)?.messages ?? []
    expect(prompt[0]?.content).toContain('Name: Ada')
    expect(prompt.map(({ content }) => content).join()).toContain('I am Ada.')
  })
})

describe('a query', () => {
  test('answers while a turn runs [query:state]', async () => {
    const open = gate()
    const model = scriptedModel([
      async () => {
        await open.opened
        return say('Done.')
      },
    ])
    await withModel(model)
    const turn = agents.client.send(agents.agentId, 'Think', { eventId: 'thinking' })
    await expect.poll(() => model.requests.length).toBe(1)
    await agents.client.post(agents.agentId, 'next', { eventId: 'waiting' })
    expect(await agents.client.state(agents.agentId)).toMatchObject({
      status: 'running',
      running: { turn: 1, step: 1, cause: 'event', doing: 'thinking', eventId: 'thinking' },
      mailbox: [{ eventId: 'waiting', kind: 'user-message', bytes: 4 }],
    })
    open.open()
    await turn
  })

  test('tells what fills the window, and core memory as the model last saw it [query:state core:blocks]', async () => {
    await withModel(scriptedModel([say('Hello.')]), { persona: 'I am Sam.' })
    await agents.client.send(agents.agentId, 'Hi')
    await agents.client.editBlock(agents.agentId, 'persona', 'I am Max.')
    const { sections, queueTokens, pressure } = await agents.client.state(agents.agentId)
    expect(Object.values(sections ?? {}).every((tokens) => tokens > 0)).toBe(true)
    expect(pressure.tokens).toBeGreaterThan(queueTokens)
    expect((await agents.client.blocksAsSeen(agents.agentId)).find(({ label }) => label === 'persona')?.value).toBe('I am Sam.')
    expect(await blockValue('persona')).toBe('I am Max.')
    expect((await agents.client.context(agents.agentId)).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
  })
})

describe('core memory', () => {
  test('refuses what is over the limit with limit, size and overage, and the agent goes on [core:append-replace]', async () => {
    const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'x'.repeat(30) }), say('Too much.')])
    await withModel(model, { blocks: [{ label: 'human', limit: 20 }] })
    await agents.client.send(agents.agentId, 'Remember a lot')
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/30.*20.*10|20.*30.*10/)
    expect(await blockValue('human')).toBe('')
  })

  test('keeps every version with turn and author, and any can be undone [core:history]', async () => {
    await withModel(scriptedModel([call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }), say('Hello.')]))
    await agents.client.send(agents.agentId, 'I am Ada')
    await agents.client.editBlock(agents.agentId, 'human', 'Name: Ada Lovelace', { author: 'operator' })
    await agents.client.undoBlock(agents.agentId, 'human')
    expect(await blockValue('human')).toBe('Name: Ada')
    const history = await agents.client.blockHistory(agents.agentId, 'human')
    expect(history.map(({ value }) => value)).toEqual(['Name: Ada', 'Name: Ada Lovelace', 'Name: Ada', ''])
    expect(history.map(({ turn, author }) => [turn, author]).slice(1, 3)).toEqual([
      [0, 'operator'],
      [1, agents.agentId],
    ])
  })

  test('takes a person\'s edit of a version only while that is the present one; who wrote meanwhile is named [core:history]', async () => {
    await withModel(scriptedModel([]))
    const { client, agentId } = agents
    await client.editBlock(agentId, 'human', 'Name: Ada', { ifVersion: 0, author: 'ada' })
    await expect(client.editBlock(agentId, 'human', 'Name: Bea', { ifVersion: 0 })).rejects.toMatchObject({ code: 'block-conflict', message: expect.stringMatching(/at version 2, which ada wrote/) as string })
    await expect(client.editBlock(agentId, 'human', 'Name: Bea', { ifVersion: 1 })).rejects.toMatchObject({ code: 'block-conflict' })
    expect(await blockValue('human')).toBe('Name: Ada')
    const edit = { ifVersion: 2, commandId: 'edit-1' }
    expect(await client.editBlock(agentId, 'human', 'Name: Bea', edit)).toMatchObject({ version: 3 })
    // Said again it is the same edit, though another version is there now.
    expect(await client.editBlock(agentId, 'human', 'Name: Bea', edit)).toMatchObject({ version: 3 })
    await expect(client.editBlock(agentId, 'human', 'x', { ifVersion: 1.5 })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('goes back for a person only from the version that they saw: what was written meanwhile stays [core:history]', async () => {
    await withModel(scriptedModel([]))
    const { client, agentId } = agents
    await client.editBlock(agentId, 'human', 'Name: Ada')
    await client.editBlock(agentId, 'human', 'Name: Bea')
    await client.editBlock(agentId, 'human', 'Name: Ada and Bea', { author: 'cleo' })
    await expect(client.undoBlock(agentId, 'human', { to: 2, ifVersion: 3 })).rejects.toMatchObject({ code: 'block-conflict', message: expect.stringMatching(/at version 4, which cleo wrote/) as string })
    await expect(client.undoBlock(agentId, 'human', { ifVersion: 3 })).rejects.toMatchObject({ code: 'block-conflict' })
    await expect(client.undoBlock(agentId, 'human', { ifVersion: 1.5 })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await blockValue('human')).toBe('Name: Ada and Bea')
    const undo = { to: 2, ifVersion: 4, commandId: 'undo-1' }
    expect(await client.undoBlock(agentId, 'human', undo)).toMatchObject({ version: 5, value: 'Name: Ada' })
    expect(await client.undoBlock(agentId, 'human', undo)).toMatchObject({ version: 5 })
  })

  test('lets the agent rewrite its own instructions where its definition allows it, and only there [core:self-edit]', async () => {
    const script = () => [call('instructions_replace', { new_instructions: 'Speak in rhymes.' }, { heartbeat: true }), say('In time.')]
    const model = scriptedModel([...script(), ...script()])
    await withModel(model, { instructionsEditable: true })
    await agents.client.send(agents.agentId, 'Rhyme from now on')
    expect(model.requests[1]?.messages[0]?.content).toContain('Speak in rhymes.')
    const fixed = `${agents.agentId}-fixed`
    await agents.client.create({ id: fixed, model: 'scripted' })
    await agents.client.send(fixed, 'Rhyme from now on')
    expect(model.requests[3]?.messages.at(-1)?.content).toContain('instructions_replace')
    expect(model.requests[3]?.messages[0]?.content).not.toContain('Speak in rhymes.')
  })
})

describe('commands between turns', () => {
  test('pop takes the last exchange out of the context; recall keeps it, marked [cli:chat recall:never-deleted]', async () => {
    const model = scriptedModel([say('One.'), say('Two.'), say('Three.')])
    await withModel(model)
    await agents.client.send(agents.agentId, 'first')
    await agents.client.send(agents.agentId, 'second')
    await agents.client.command(agents.agentId, { type: 'pop' })
    await agents.client.send(agents.agentId, 'third')
    const prompt = model.requests.at(-1)?.messages.map(({ content }) => content).join() ?? ''
    expect(prompt).toContain('first')
    expect(prompt).not.toContain('second')
    const second = (await agents.client.messages(agents.agentId)).find(({ text }) => text === 'second')
    expect(second?.popped).toBe(true)
  })

  test('pop of an empty context is refused [cli:chat]', async () => {
    await withModel(scriptedModel([]))
    await expect(agents.client.command(agents.agentId, { type: 'pop' })).rejects.toMatchObject({ code: 'nothing-to-undo' })
  })

  test('save and load bring back context and core memory; what came since stays in recall [cli:chat]', async () => {
    const model = scriptedModel([say('One.'), call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Two.'), say('Three.')])
    await withModel(model)
    await agents.client.send(agents.agentId, 'first')
    await agents.client.command(agents.agentId, { type: 'save', name: 'before-tea' })
    await agents.client.send(agents.agentId, 'I like tea')
    expect(await blockValue('human')).toBe('Likes tea')
    await agents.client.command(agents.agentId, { type: 'load', name: 'before-tea' })
    expect(await blockValue('human')).toBe('')
    await agents.client.send(agents.agentId, 'third')
    expect(model.requests.at(-1)?.messages.map(({ content }) => content).join()).not.toContain('tea')
    expect((await agents.client.searchRecall(agents.agentId, { text: 'tea' })).total).toBeGreaterThan(0)
  })

  test('load of an unknown checkpoint names those that there are [cli:chat]', async () => {
    await withModel(scriptedModel([]))
    await agents.client.command(agents.agentId, { type: 'save', name: 'one' })
    await expect(agents.client.command(agents.agentId, { type: 'load', name: 'two' })).rejects.toThrow(/there are one/)
  })

  test('delete ends the workflow and leaves nothing; the name is free again [client:sdk agent:one-workflow agent:generations]', async () => {
    await withModel(scriptedModel([say('One.'), say('New.')]))
    await agents.client.send(agents.agentId, 'first')
    await agents.client.delete(agents.agentId)
    expect(await agents.client.get(agents.agentId)).toBeUndefined()
    expect([await agents.stores.memory.messages.count(agents.agentId), await agents.stores.archival.count(agents.agentId)]).toEqual([0, 0])
    await expect(agents.client.counts(agents.agentId)).rejects.toMatchObject({ code: 'agent-unknown' })
    expect((await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).describe()).status.name).toBe('COMPLETED')
    await expect(agents.client.send(agents.agentId, 'hello?')).rejects.toMatchObject({ code: 'agent-unknown' })
    await agents.client.create({ id: agents.agentId, model: 'scripted', persona: 'Another one.' })
    expect(await agents.client.send(agents.agentId, 'hello')).toMatchObject({ turn: 1, replyTexts: ['New.'] })
  })
})

describe('an agent that is archived', () => {
  test('tells those who wait that their turn will not come [agent:one-workflow turn:named-end]', async () => {
    const open = gate()
    const model = scriptedModel([
      async () => {
        await open.opened
        return say('The last word.')
      },
    ])
    await withModel(model)
    const first = agents.client.send(agents.agentId, 'first')
    await expect.poll(() => model.requests.length).toBe(1)
    const refused = expect(agents.client.send(agents.agentId, 'too late')).rejects.toMatchObject({ code: 'agent-archived' })
    await expect.poll(async () => (await agents.client.state(agents.agentId)).mailbox.length).toBe(1)
    const archived = agents.client.command(agents.agentId, { type: 'archive', erase: false })
    await expect.poll(async () => (await agents.client.state(agents.agentId)).commands).toEqual(['archive'])
    open.open()
    expect(await first).toMatchObject({ end: 'completed' })
    await refused
    expect(await archived).toMatchObject({ status: 'done' })
    await expect(agents.client.send(agents.agentId, 'anybody?')).rejects.toMatchObject({ code: 'agent-archived' })
  })
})

describe("Temporal's Web UI", () => {
  test('shows activities in words, current details, memo and search attributes [ui:legible]', async () => {
    await withModel(scriptedModel([say('Hello.')]))
    await agents.client.send(agents.agentId, 'Hi')
    const handle = agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
    const description = await handle.describe()
    expect(description.memo).toMatchObject({ agent: agents.agentId, model: 'scripted' })
    expect(description.typedSearchAttributes.get(statusAttribute)).toBe('live')
    expect(description.typedSearchAttributes.get(modelAttribute)).toBe('scripted')
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')
    expect(currentDetails).toMatch(/### .*: idle/)
    expect(currentDetails).toContain('| queue (3 messages) |')
  })

  test('gets no conversation text, neither in the history nor in the details [ui:legible history:references]', async () => {
    await withModel(scriptedModel([call('core_memory_append', { label: 'human', content: 'Secretly collects teaspoons' }, { heartbeat: true }), say('Your teaspoons are safe.')]))
    await agents.client.send(agents.agentId, 'I collect teaspoons, tell nobody')
    const handle = agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
    const seen = historyText(await handle.fetchHistory())
    expect(seen).toContain('core_memory_append')
    expect(seen).not.toContain('teaspoons')
  })

  test('gets one line of it where the operator asked for that [ui:legible]', async () => {
    agents = await startAgents({ model: scriptedModel([say('Hello.')]), uiText: true })
    await agents.client.create({ id: agents.agentId, model: 'scripted' })
    await agents.client.send(agents.agentId, 'Hi')
    const metadata = await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).query<{ currentDetails: string }>('__temporal_workflow_metadata')
    expect(metadata.currentDetails).toContain('> send_message')
  })
})
