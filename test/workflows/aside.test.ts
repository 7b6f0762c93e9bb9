import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { LiveStore } from '../../src/stores/live.ts'
import { call, fail, hang, say, scriptedModel, think, type ScriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents, type AgentsOptions } from '../support/agents.ts'
import { historyText } from '../support/history-text.ts'

let agents: Agents
afterEach(() => agents.close())

async function begin(steps: readonly ScriptedStep[], { agentBudget, ...options }: Partial<AgentsOptions> & { readonly agentBudget?: { readonly dollars: number } } = {}): Promise<ScriptedModel> {
  const model = scriptedModel(steps)
  agents = await startAgents({ model, ...options })
  await agents.client.create({ id: agents.agentId, model: 'scripted', instructions: 'You are a boatman.', contextWindow: 8_000, blocks: [{ label: 'human', value: 'Ada keeps herons.' }], ...(agentBudget && { agentBudget }) })
  return model
}

const textOf = ({ messages }: ModelRequest): string => messages.map(({ content }) => content).join('\n')
const lastOf = ({ requests }: ScriptedModel): ModelRequest => {
  const request = requests.at(-1)
  if (request === undefined) throw new Error('the model was not asked')
  return request
}
const historyOf = (workflowId: string) => agents.temporal.workflow.getHandle(workflowId).fetchHistory()
async function asideWorkflows(): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { workflowId } of agents.temporal.workflow.list({ query: `WorkflowType = 'aside' AND TaskQueue = '${agents.taskQueue}'` })) found.push(workflowId)
  return found
}

describe('an aside', () => {
  test('is answered from the agent\'s context as it stands, without tools [openai:asides]', async () => {
    const model = await begin([call('core_memory_append', { label: 'human', content: 'She rows.' }, { heartbeat: true }), say('The key hangs behind the clock.'), think('Keys and clocks'), say('By a call')])
    const { client, agentId } = agents
    await client.send(agentId, 'Where is the key?')
    expect(await client.aside(agentId, [{ role: 'system', text: 'Be short.' }, { role: 'user', text: 'A title for this chat?' }])).toMatchObject({ text: 'Keys and clocks', model: 'scripted', usage: { promptTokens: expect.any(Number) as number } })
    const request = lastOf(model)
    // It was given no tools, and answers by one all the same.
    expect((await client.aside(agentId, 'And now?')).text).toBe('By a call')
    expect(request.tools).toEqual([])
    expect(request.messages.map(({ role }) => role)).toEqual(['system', 'user'])
    for (const known of ['You are a boatman.', 'Ada keeps herons.', 'She rows.', 'user: Where is the key?', 'agent: The key hangs behind the clock.', 'Be short.', 'A title for this chat?']) expect(textOf(request)).toContain(known)
  })

  test('leaves no trace: not in memory, in the agent\'s state, in a history, or in what its watchers are told [openai:asides history:references]', async () => {
    await begin([say('Hello Ada.'), think('A secret answer'), say('Hello again.')])
    const { client, agentId, stores, temporal } = agents
    await client.send(agentId, 'Hello')
    await expect.poll(async () => (await client.state(agentId)).status).toBe('idle')
    const [before, messages, state] = [await historyOf(workflowIdOf(agentId)), await client.messages(agentId), await client.state(agentId)]
    const told: string[] = []
    const leave = new AbortController()
    const watching = (async () => {
      for await (const { type } of client.watch(agentId, { after: messages.at(-1)?.seq ?? 0, signal: leave.signal })) told.push(type)
    })()
    await client.aside(agentId, 'A secret question?')
    expect(await client.messages(agentId)).toEqual(messages)
    expect(await client.state(agentId)).toEqual(state)
    expect((await historyOf(workflowIdOf(agentId))).events?.length).toBe(before.events?.length)
    await expect.poll(asideWorkflows).toHaveLength(1)
    const [workflowId = ''] = await asideWorkflows()
    const history = historyText(await temporal.workflow.getHandle(workflowId).fetchHistory())
    expect(history).toContain('answerAside')
    expect(history).not.toContain('secret')
    expect(await stores.live.aside(agentId, workflowId.slice(workflowId.lastIndexOf(':') + 1))).toBeUndefined()
    await client.send(agentId, 'Hello again')
    await expect.poll(() => told.filter((type) => type === 'turn')).toHaveLength(1)
    leave.abort()
    await watching
    expect(historyText(await historyOf(workflowIdOf(agentId)))).not.toContain('secret')
    expect((await client.messages(agentId)).map(({ text }) => text).join()).not.toContain('secret')
  })

  test('is answered while a turn runs, and holds it up by nothing [openai:asides]', async () => {
    let go = (): void => undefined
    const gone = new Promise<void>((resolve) => (go = resolve))
    const model = await begin([() => gone.then(() => say('At last.')), think('Meanwhile')])
    const { client, agentId } = agents
    const sending = client.send(agentId, 'Think long')
    await expect.poll(() => model.requests.length).toBe(1)
    expect((await client.aside(agentId, 'Are you there?')).text).toBe('Meanwhile')
    go()
    expect((await sending).replyTexts).toEqual(['At last.'])
  })

  test('costs what it costs, and is held against the agent\'s budget together with its turns [openai:asides cost]', async () => {
    await begin([say('Hello Ada.'), think('One'), think('Two')], { prices: { scripted: { input: 1_000, cached: 1_000, output: 1_000 } }, agentBudget: { dollars: 1_000 } })
    const { client, agentId } = agents
    await client.send(agentId, 'Hello')
    const { usage } = await client.aside(agentId, 'One?')
    const { asides, total, models } = await client.cost(agentId)
    expect(asides).toMatchObject({ asides: 1, steps: 0, promptTokens: usage.promptTokens, costMicros: usage.costMicros })
    expect(total).toMatchObject({ steps: 1, asides: 1 })
    expect(models).toMatchObject([{ model: 'scripted', steps: 1, asides: 1 }])
    const turns = (await client.state(agentId)).counters.costMicros ?? 0
    await client.setBudget(agentId, { agent: { dollars: (turns + 1) / 1_000_000 } })
    await expect(client.aside(agentId, 'Two?')).rejects.toMatchObject({ code: 'agent-parked', message: expect.stringContaining('budget') as string })
  })

  test('is paid for once, and its cost is kept, where the worker is broken off between the answer and the cost [openai:asides cost]', async () => {
    let broken = 0
    const live = (store: LiveStore): LiveStore => ({
      ...store,
      answerAside: async (aside) => {
        await store.answerAside(aside)
        broken += 1
        if (broken === 1) throw new Error('broken off')
      },
    })
    const model = await begin([think('Once'), think('Twice')], { live })
    const { client, agentId } = agents
    const { text, usage } = await client.aside(agentId, 'Once?')
    expect([text, broken, model.requests.length]).toEqual(['Once', 1, 1])
    expect((await client.cost(agentId)).asides).toMatchObject({ asides: 1, promptTokens: usage.promptTokens })
  })

  test('leaves no text where its asker has left before the answer comes, and costs what it has cost [openai:asides cost]', async () => {
    let go = (): void => undefined
    const gone = new Promise<void>((resolve) => (go = resolve))
    // Nothing ends it, as if the answer were on its way already.
    const model = await begin([() => gone.then(() => think('Too late'))])
    const { client, agentId, stores } = agents
    const leave = new AbortController()
    const asking = client.aside(agentId, 'Hello?', { signal: leave.signal })
    await expect.poll(() => model.requests.length).toBe(1)
    const [workflowId = ''] = await expect.poll(asideWorkflows).toHaveLength(1).then(asideWorkflows)
    const id = workflowId.slice(workflowId.lastIndexOf(':') + 1)
    leave.abort()
    await expect(asking).rejects.toThrow()
    await expect.poll(() => stores.live.aside(agentId, id)).toBeUndefined()
    go()
    // The cost is kept last.
    await expect.poll(async () => (await client.cost(agentId)).asides.asides).toBe(1)
    expect(await stores.live.aside(agentId, id)).toBeUndefined()
  })

  test.each(['terminate', 'cancel', 'delete'])('whose workflow somebody ends (%s) is told so to its asker, who may ask again [openai:asides]', async (how) => {
    let go = (): void => undefined
    const gone = new Promise<void>((resolve) => (go = resolve))
    const model = await begin([() => gone.then(() => think('Too late'))])
    const { client, agentId, temporal } = agents
    const told = expect(client.aside(agentId, 'Hello?')).rejects.toMatchObject({ code: 'server-unavailable', message: expect.stringMatching(/somebody has (ended|deleted) the aside: ask again/) as string })
    await expect.poll(() => model.requests.length).toBe(1)
    const [workflowId = ''] = await expect.poll(asideWorkflows).toHaveLength(1).then(asideWorkflows)
    const handle = temporal.workflow.getHandle(workflowId)
    if (how === 'terminate') await handle.terminate('the test')
    else if (how === 'cancel') await handle.cancel()
    else await temporal.workflowService.deleteWorkflowExecution({ namespace: temporal.options.namespace, workflowExecution: { workflowId } })
    await told
    go()
  })

  test('takes of a long conversation what fits, the newest; and is refused where nothing does [openai:asides]', async () => {
    const words = (name: string): string => `${name} ${'and a long way down the river '.repeat(120)}`
    const model = await begin([say(words('First')), say(words('Second')), say(words('Third')), think('Fits'), think('Fits too')])
    const { client, agentId } = agents
    for (const text of ['One', 'Two', 'Three']) await client.send(agentId, text)
    expect((await client.aside(agentId, `${'very '.repeat(6_200)}long?`, { maxOutputTokens: 500 })).text).toBe('Fits')
    expect(textOf(lastOf(model))).toContain('agent: Third')
    expect(textOf(lastOf(model))).not.toContain('agent: First')
    // A front end may know nothing of the window, and bound the answer by far more.
    expect((await client.aside(agentId, 'Brief?', { maxOutputTokens: 100_000 })).text).toBe('Fits too')
    expect(lastOf(model).maxOutputTokens).toBeLessThanOrEqual(4_000)
    const asked = model.requests.length
    await expect(client.aside(agentId, 'very '.repeat(9_000))).rejects.toMatchObject({ code: 'message-too-large' })
    await expect(client.aside(agentId, 'x'.repeat(1_100_000))).rejects.toMatchObject({ code: 'message-too-large' })
    expect(model.requests).toHaveLength(asked)
  })

  test('that can\'t be answered says why, and is not asked for ever [openai:asides]', async () => {
    const refused = fail(new ModelError('refused', 'the key is not valid', { status: 401 }))
    const model = await begin([refused, hang()])
    const { client, agentId } = agents
    await expect(client.aside(agentId, 'Hello?')).rejects.toMatchObject({ code: 'model-refused', message: expect.stringContaining('the key is not valid') as string })
    expect(model.requests).toHaveLength(1)
    await expect(client.aside(agentId, ' ')).rejects.toMatchObject({ code: 'message-empty' })
    await expect(client.aside(agentId, [{ role: 'assistant', text: 'Hello' }])).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(client.aside('nobody', 'Hello?')).rejects.toMatchObject({ code: 'agent-unknown' })
    const leave = new AbortController()
    const asking = client.aside(agentId, 'Hello?', { signal: leave.signal })
    await expect.poll(() => model.requests.length).toBe(2)
    leave.abort()
    await expect(asking).rejects.toThrow()
    // The model is not asked any longer either: its workflow ends.
    await expect.poll(async () => Promise.all((await asideWorkflows()).map(async (id) => (await agents.temporal.workflow.getHandle(id).describe()).status.name)).then((names) => names.sort())).toEqual(['CANCELLED', 'FAILED'])
    await client.command(agentId, { type: 'archive', erase: false })
    await expect(client.aside(agentId, 'Hello?')).rejects.toMatchObject({ code: 'agent-archived' })
  })
})
