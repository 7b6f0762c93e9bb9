import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AgentChanges } from '../../src/definition/agent-changes.ts'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { mayHaveWorker } from '../../src/client/wait-for-worker.ts'
import { ModelError } from '../../src/model/model-error.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { modelAttribute } from '../../src/protocol/search-attributes.ts'
import { call, fail, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'
import { historyText } from '../support/history-text.ts'

let agents: Agents
afterEach(() => agents.close())

const bell = defineTool({ name: 'ring_bell', description: 'rings', schema: z.object({}), policy: { placement: 'local', idempotent: true }, run: async () => 'rung' })

async function begin(model: ScriptedModel, agent: Partial<AgentInput> = {}): Promise<void> {
  agents = await startAgents({ model, tools: [bell] })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...agent })
}

const update = (changes: AgentChanges, options = {}) => agents.client.update(agents.agentId, changes, options)
const promptOf = ({ messages }: ModelRequest): string => messages.map(({ content }) => content).join('\n')
const toolsOf = ({ tools }: ModelRequest): readonly string[] => tools.map(({ name }) => name)
/** Which version each step saw. */
const seen = async () => (await agents.client.messages(agents.agentId, { limit: 1_000 })).flatMap(({ context }) => (context === undefined ? [] : [context.definition]))
/** The first step of each turn is held until `open`, and asks for another; then the agent answers. */
function holdingModel() {
  const [holding, opened] = [gate(), gate()]
  const model = scriptedModel([], {
    afterwards: async ({ messages }) => {
      if (messages.at(-1)?.role === 'tool') return say('done')
      holding.open()
      await opened.opened
      return call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true })
    },
  })
  return { model, holds: holding.opened, open: () => opened.open() }
}

const clientTool = { name: 'ask_user', description: 'asks', parameters: { type: 'object', properties: {} } }

/** What changes, and how the model's next request shows it, if it does. */
type Changed = [name: string, changes: AgentChanges, shows?: (request: ModelRequest) => boolean]
const fields: Changed[] = [
  ['model', { model: 'another' }, ({ model }) => model === 'another'],
  ['instructions', { instructions: 'Speak in rhymes.' }, (request) => promptOf(request).includes('Speak in rhymes.')],
  ['instructionsEditable', { instructionsEditable: true }, (request) => toolsOf(request).includes('instructions_replace')],
  ['tools', { tools: ['send_message', 'core_memory_append', 'ring_bell'] }, (request) => toolsOf(request).join() === 'send_message,core_memory_append,ring_bell'],
  ['clientTools', { clientTools: [clientTool] }, (request) => toolsOf(request).includes('ask_user')],
  ['a block that is attached', { blocks: { 'system/human/family': { description: 'The family', value: 'Two cats' } } }, (request) => promptOf(request).includes('Two cats')],
  ['a block that is detached', { blocks: { persona: null } }, (request) => !promptOf(request).includes('label="persona"')],
  ['the label of a block', { blocks: { human: { label: 'system/human' } } }, (request) => promptOf(request).includes('label="system/human"')],
  ["a block's limit", { blocks: { human: { limit: 777 } } }, (request) => promptOf(request).includes('limit="777"')],
  ["a block's description", { blocks: { human: { description: 'Who asks' } } }, (request) => promptOf(request).includes('description="Who asks"')],
  ['a block that becomes read-only', { blocks: { human: { readOnly: true } } }, (request) => promptOf(request).includes('read_only="true"')],
  ['contextWindow', { contextWindow: 8_000 }],
  ['approval', { approval: ['ring_bell'], tools: ['send_message', 'core_memory_append', 'ring_bell'] }],
  ['answerWithinMs', { answerWithinMs: 60_000 }],
  ['sampling', { sampling: { temperature: 0.2, seed: 7, maxOutputTokens: 500, extra: { top_k: 40 } } }, ({ sampling, maxOutputTokens }) => sampling?.temperature === 0.2 && sampling.extra?.['top_k'] === 40 && maxOutputTokens === 500],
  ['pressure', { pressure: { warning: 0.5 } }],
  ['budget', { budget: { steps: 9 } }],
  ['agentBudget', { agentBudget: { tokens: 9_000_000 } }],
  ['name', { name: 'Ada L.' }],
  ['description', { description: 'Keeps the log.' }],
  ['tags', { tags: ['log'] }],
  ['metadata', { metadata: { team: { id: 7 } } }],
]

describe('a change in the middle of a turn', () => {
  test.for(fields)('of %s holds from the next step on, and is undone [definition:living]', async ([, changes, shows]) => {
    const { model, holds, open } = holdingModel()
    await begin(model)
    const { client, agentId } = agents
    const before = (await client.get(agentId))?.definition
    await client.post(agentId, 'Hello', { eventId: 'hello' })
    await holds
    const changing = update(changes, { author: 'Eve' })
    await expect.poll(async () => (await client.state(agentId)).commands).toEqual(['define'])
    open()
    expect(await changing).toMatchObject({ version: 2, resumed: false })
    expect(await client.outcome(agentId, 'hello')).toMatchObject({ end: 'completed', replyTexts: ['done'] })
    expect(await seen()).toEqual([1, 2])
    if (shows !== undefined) expect(model.requests.map(shows)).toEqual([false, true])
    expect(await client.definitions(agentId)).toMatchObject([{ version: 2, author: 'Eve', turn: 1 }, { version: 1, turn: 0, definition: before }])
    const differing = await client.compareDefinitions(agentId, { before: 1 })
    expect(new Set(differing.map(({ field }) => field.split('.')[0]))).toEqual(new Set(Object.keys(changes)))

    expect(await client.undoDefinition(agentId, { author: 'Eve' })).toMatchObject({ version: 3, definition: before })
    expect((await client.get(agentId))?.definition).toEqual(before)
    expect(await client.state(agentId)).toMatchObject({ definition: 3, model: 'scripted', contextWindow: 32_000 })
    expect(await client.compareDefinitions(agentId, { before: 1 })).toEqual([])
  })

  test('leaves a step that waits for approval as it was: its calls run as the model asked for them [definition:living turn:approval]', async () => {
    const model = scriptedModel([call('ring_bell'), say('rung')])
    await begin(model, { tools: ['send_message', 'ring_bell'], approval: ['ring_bell'] })
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Ring', { eventId: 'ring' })).toMatchObject({ end: 'parked', reason: 'approval' })
    expect(await update({ tools: ['send_message'], approval: null })).toMatchObject({ version: 2, resumed: false })
    const [waiting] = await client.waiting(agentId)
    await client.approve(agentId, waiting?.op ?? '')
    expect(await client.outcome(agentId, 'ring', { until: 'end' })).toMatchObject({ end: 'completed' })
    expect((await client.messages(agentId)).find(({ toolName }) => toolName === 'ring_bell')).toMatchObject({ ok: true, text: 'rung' })
  })

  test('puts nothing of the definition into the history [definition:living history:references]', async () => {
    await begin(scriptedModel([], { afterwards: () => say('Hello.') }))
    const { client, agentId, temporal } = agents
    await update({ instructions: 'A secret instruction.', name: 'Secret name', metadata: { secret: 'metadata' }, blocks: { secret: { value: 'secret value' } } })
    await client.undoDefinition(agentId)
    await client.send(agentId, 'Hi')
    expect(historyText(await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory())).not.toMatch(/secret/i)
  })
})

describe('a change', () => {
  test('under its id is one change with one answer; another one under the id is refused [definition:living commands:idempotent]', async () => {
    await begin(scriptedModel([]))
    const { client, agentId } = agents
    const first = await update({ model: 'second' }, { commandId: 'one' })
    await update({ model: 'third' })
    expect(await update({ model: 'second' }, { commandId: 'one' })).toEqual(first)
    expect((await client.get(agentId))?.definition.model).toBe('third')
    await expect(update({ model: 'fourth' }, { commandId: 'one' })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await client.undoDefinition(agentId, { commandId: 'two' })).toMatchObject({ version: 4 })
    expect(await client.undoDefinition(agentId, { commandId: 'two' })).toMatchObject({ version: 4 })
    expect(await update({ model: 'second' })).toMatchObject({ version: 4 })
  })

  test('is undone as it was seen: not one of somebody else that was on its way, however often that is asked [definition:living commands:idempotent]', async () => {
    const { model, holds, open } = holdingModel()
    await begin(model)
    const { client, agentId } = agents
    await update({ description: 'seen by Ben' })
    await client.post(agentId, 'Hello')
    await holds
    const waiting = (commands: readonly string[]) => expect.poll(async () => (await client.state(agentId)).commands).toEqual(commands)
    const theirs = update({ budget: { steps: 9 } }, { author: 'Anna' })
    await waiting(['define'])
    const undone = expect(client.undoDefinition(agentId, { author: 'Ben', commandId: 'undo' })).rejects.toMatchObject({ code: 'definition-conflict' })
    await waiting(['define', 'define'])
    open()
    expect(await theirs).toMatchObject({ version: 3 })
    await undone
    await expect(client.undoDefinition(agentId, { author: 'Ben', commandId: 'undo' })).rejects.toMatchObject({ code: 'definition-conflict' })
    expect(await client.definitions(agentId, { limit: 1 })).toMatchObject([{ version: 3, author: 'Anna', definition: { description: 'seen by Ben', budget: { steps: 9 } } }])
    expect(await client.undoDefinition(agentId, { author: 'Ben' })).toMatchObject({ version: 4, definition: { description: 'seen by Ben', budget: { steps: 24 } } })
  })

  test('is checked as a whole against what is there, and refused by field [definition:living]', async () => {
    await begin(scriptedModel([]))
    const { client, agentId } = agents
    await client.editBlock(agentId, 'human', 'x'.repeat(1_500))
    const refused: readonly (readonly [AgentChanges, string, RegExp])[] = [
      [{}, 'invalid-argument', /say what is to change/],
      [{ colour: 'red' } as never, 'invalid-argument', /colour/],
      [{ contextWindow: 5, model: '' }, 'invalid-argument', /model: .*contextWindow: |contextWindow: .*model: /],
      [{ pressure: { warning: 0.95 } }, 'invalid-argument', /pressure\.warning must be below pressure\.flush/],
      [{ approval: ['ring_bell'] }, 'invalid-argument', /approval names "ring_bell", which is no tool/],
      [{ tools: ['send_message', 'serch'] }, 'tool-unknown', /there is no tool "serch"\. Did you mean search\? Tools: .*ring_bell/],
      [{ blocks: { human: { limit: 100 } } }, 'block-too-large', /may have 100 characters; it would have 1500/],
      [{ blocks: { human: { value: 'new' } } }, 'invalid-argument', /blocks\.human\.value is what a new block begins with/],
      [{ blocks: { nowhere: null } }, 'block-unknown', /there is no such block; the agent has persona, human/],
      [{ blocks: { human: { label: 'persona' } } }, 'block-label-taken', /choose another label, or detach the one that has it/],
      [{ blocks: { theirs: { blockId: 'nobody/human' } } }, 'block-private', /which no agent shares/],
      [{ instructions: 'x'.repeat(90_000) }, 'definition-too-large', /choose a larger window/],
      [{ clientTools: Array.from({ length: 20 }, (_, index) => ({ ...clientTool, name: `tool_${index}`, description: 'many words here '.repeat(600) })) }, 'definition-too-large', /client tools \d{5}; shorten them/],
    ]
    for (const [changes, code, message] of refused) await expect(update(changes), JSON.stringify(changes).slice(0, 80)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
    await expect(client.undoDefinition(agentId)).rejects.toMatchObject({ code: 'nothing-to-undo' })
    expect(await client.definitions(agentId)).toMatchObject([{ version: 1 }])
    await update({ tags: ['a'] })
    await expect(update({ tags: ['b'] }, { ifVersion: 1 })).rejects.toMatchObject({ code: 'definition-conflict' })
    await expect(client.undoDefinition(agentId, { to: 7 })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('1 to 2 exist') as string })
    expect(await update({ tags: ['b'] }, { ifVersion: 2 })).toMatchObject({ version: 3 })
    for (const undo of [{ to: 1, ifVersion: 2 }, { ifVersion: 2 }]) await expect(client.undoDefinition(agentId, undo)).rejects.toMatchObject({ code: 'definition-conflict' })
    expect(await client.undoDefinition(agentId, { to: 1, ifVersion: 3 })).toMatchObject({ version: 4 })
  })

  test('is listed in pages that end by bytes as well, down to the first version [definition:living]', async () => {
    await begin(scriptedModel([]))
    const { client, agentId, stores } = agents
    const { definition } = (await client.get(agentId)) ?? expect.fail('no agent')
    for (const version of [1, 2, 3, 4]) {
      await stores.memory.definitions.insert({ agentId, version, definition: { ...definition, instructions: 'x'.repeat(1_500_000) }, op: `op ${version}`, author: 'ada', turn: 0, at: '2026-01-01T00:00:00.000Z' })
    }
    expect((await client.definitions(agentId, { limit: 1_000 })).map(({ version }) => version)).toEqual([4, 3])
    expect((await client.definitions(agentId, { limit: 1_000, before: 3 })).map(({ version }) => version)).toEqual([2, 1])
  })

  test('that helps is not refused for what was out of bounds before [definition:living]', async () => {
    await begin(scriptedModel([]), { contextWindow: 2_000, blocks: [{ label: 'log', limit: 50_000 }] })
    await agents.client.editBlock(agents.agentId, 'log', 'x'.repeat(40_000))
    expect(await update({ contextWindow: 4_000 })).toMatchObject({ version: 2 })
    await expect(update({ contextWindow: 3_000 })).rejects.toMatchObject({ code: 'definition-too-large' })
  })

  test('of the window to a smaller one compacts before the next step [definition:living pressure:flush]', async () => {
    const model = scriptedModel([], { withoutTools: () => think('Boats and tides.'), afterwards: () => say('I see.') })
    await begin(model, { contextWindow: 32_000 })
    const { client, agentId } = agents
    for (let index = 0; index < 8; index += 1) await client.send(agentId, `${index} ${'the tide comes and goes and the boats lie in the harbour. '.repeat(40)}`)
    expect((await client.state(agentId)).counters.compactions).toBe(0)
    await update({ contextWindow: 4_000 })
    await client.send(agentId, 'And now?')
    const last = model.requests.findIndex((request) => promptOf(request).includes('And now?'))
    expect(model.requests[last - 1]?.tools).toEqual([])
    const { counters, pressure } = await client.state(agentId)
    expect(counters.compactions).toBeGreaterThan(0)
    expect(pressure.tokens).toBeLessThan(4_000)
  })

  test('is also what the agent does to its own instructions, and what a checkpoint brings back [definition:living core:self-edit]', async () => {
    const model = scriptedModel([call('instructions_replace', { new_instructions: 'Speak in rhymes.' }, { heartbeat: true }), say('Fine.'), say('Done.')])
    await begin(model, { instructionsEditable: true, instructions: 'Speak plainly.' })
    const { client, agentId } = agents
    await client.command(agentId, { type: 'save', name: 'plain' })
    await client.send(agentId, 'Speak otherwise')
    expect(await client.definitions(agentId)).toMatchObject([{ version: 2, author: agentId, turn: 1, definition: { instructions: 'Speak in rhymes.' } }, { version: 1 }])
    expect(await seen()).toEqual([1, 2])
    await client.command(agentId, { type: 'load', name: 'plain' })
    expect(await client.definitions(agentId)).toMatchObject([{ version: 3, author: 'checkpoint', definition: { instructions: 'Speak plainly.' } }, { version: 2 }, { version: 1 }])
    await client.send(agentId, 'And now?')
    expect(promptOf(model.requests.at(-1) as ModelRequest)).toContain('Speak plainly.')
    expect(await seen()).toEqual([1, 2, 3])
  })
})

describe('a checkpoint', () => {
  test('brings back no instructions that the window certainly has no room for, and then nothing at all [definition:living core:self-edit]', async () => {
    await begin(scriptedModel([], { afterwards: () => say('Hello.') }), { instructions: 'Speak in rhymes. '.repeat(5_500), contextWindow: 200_000 })
    const { client, agentId } = agents
    await client.editBlock(agentId, 'human', 'Ada')
    await client.command(agentId, { type: 'save', name: 'rhymes' })
    await client.editBlock(agentId, 'human', 'Eve')
    await update({ instructions: 'Be brief.', contextWindow: 8_000 })
    await expect(client.command(agentId, { type: 'load', name: 'rhymes' })).rejects.toMatchObject({ code: 'definition-too-large', message: expect.stringContaining('the instructions take at least') as string })
    expect((await client.blocks(agentId)).find(({ label }) => label === 'human')).toMatchObject({ value: 'Eve' })
    expect(await client.definitions(agentId, { limit: 1 })).toMatchObject([{ version: 2, definition: { instructions: 'Be brief.' } }])
    expect(await client.send(agentId, 'Hi')).toMatchObject({ end: 'completed' })
    await update({ contextWindow: 200_000 })
    await client.command(agentId, { type: 'load', name: 'rhymes' })
    expect((await client.blocks(agentId)).find(({ label }) => label === 'human')).toMatchObject({ value: 'Ada' })
    expect(await client.definitions(agentId, { limit: 1 })).toMatchObject([{ version: 4, author: 'checkpoint' }])
  })
})

describe('an agent that is parked', () => {
  test('for a model that is no more goes on by itself with another one [definition:living turn:park-resume]', async () => {
    const retired = new ModelError('refused', 'the model scripted was retired', { status: 404 })
    const model = scriptedModel([], { afterwards: ({ model: name }) => (name === 'scripted' ? fail(retired) : say('Back again.')) })
    await begin(model)
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'parked', reason: 'model-refused' })
    expect(await update({ tags: ['stuck'] })).toMatchObject({ resumed: false })
    expect(await update({ model: 'successor' })).toMatchObject({ version: 3, resumed: true })
    expect(await client.outcome(agentId, 'hi', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Back again.'] })
    expect(await seen()).toEqual([3])
    const description = await agents.temporal.workflow.getHandle(workflowIdOf(agentId)).describe()
    expect(description.typedSearchAttributes.get(modelAttribute)).toBe('successor')
    expect(description.memo).toMatchObject({ model: 'successor' })
  })

  test('for what the model was asked with goes on once that is taken away, also after it was refused for something else [definition:living turn:park-resume]', async () => {
    const refused = (text: string) => fail(new ModelError('bad-request', text, { status: 400 }))
    const model = scriptedModel([], {
      afterwards: ({ sampling, tools }) => {
        if (sampling?.temperature !== undefined) return refused("temperature is not supported with this model")
        return tools.some(({ name }) => name === clientTool.name) ? refused("Invalid schema for function 'ask_user'") : say('Hello.')
      },
    })
    await begin(model, { sampling: { temperature: 0.2 }, clientTools: [clientTool] })
    const { client, agentId } = agents
    const parkedAfter = (requests: number) => expect.poll(async () => [model.requests.length, (await client.state(agentId)).status]).toEqual([requests, 'parked'])
    expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'parked', reason: 'model-refused' })
    for (const unasked of [{ name: 'Ada L.' }, { metadata: { a: 1 } }, { budget: { steps: 9 } }, { approval: ['ask_user'] }]) expect(await update(unasked)).toMatchObject({ resumed: false })
    await parkedAfter(1)
    expect(await update({ sampling: { temperature: null } })).toMatchObject({ resumed: true })
    await parkedAfter(2)
    expect(await update({ clientTools: null, approval: null })).toMatchObject({ resumed: true })
    expect(await client.outcome(agentId, 'hi', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
  })

  test('because its prompt does not fit goes on with a larger window [definition:living turn:park-resume]', async () => {
    const model = scriptedModel([], { withoutTools: () => think('Much was said.'), afterwards: () => say('I see.') })
    await begin(model, { contextWindow: 2_000 })
    const { client, agentId } = agents
    await client.editBlock(agentId, 'human', 'boats '.repeat(300))
    expect(await client.send(agentId, 'the tide comes and goes. '.repeat(300), { eventId: 'long' })).toMatchObject({ end: 'parked', reason: 'context-overflow' })
    expect(await update({ contextWindow: 32_000 })).toMatchObject({ resumed: true })
    expect(await client.outcome(agentId, 'long', { until: 'end' })).toMatchObject({ end: 'completed' })
  })
})

describe('a tool that no worker knows', () => {
  test('is refused at the creation, with those that the worker knows, and leaves no agent behind [definition:living]', async () => {
    agents = await startAgents({ model: scriptedModel([]), tools: [bell] })
    const { client, agentId } = agents
    const create = (tools: string[]) => client.create({ id: agentId, model: 'scripted', tools })
    // One that has just started is asked once the server shows that it asks for work.
    await expect.poll(() => mayHaveWorker(agents.temporal, agents.taskQueue), { timeout: 20_000 }).toBe(true)
    const refused = { code: 'tool-unknown', message: expect.stringMatching(/^tools: there is no tool "ring_bel"\. Did you mean ring_bell\? Tools: send_message, .*: correct the name, or start workers that have this tool$/) as string }
    await expect(create(['send_message', 'ring_bel'])).rejects.toMatchObject(refused)
    await expect(client.importConversation({ id: agentId, tools: ['ring_bel'] }, [{ role: 'user', text: 'Hi', at: '2024-05-08T13:56:00Z' }])).rejects.toMatchObject(refused)
    expect(await client.get(agentId)).toBeUndefined()
    expect(await create(['send_message', 'ring_bell'])).toMatchObject({ created: true, agent: { key: agentId } })
    expect(await create(['send_message', 'ring_bell'])).toMatchObject({ created: false })
  })

  test('hinders nobody where no worker is there to be asked [definition:living]', async () => {
    agents = await startAgents({ model: scriptedModel([]), tools: [bell] })
    const { client, agentId } = agents
    await agents.withoutWorker(async () => {
      expect(await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'ring_bel'] })).toMatchObject({ created: true })
    })
    expect(await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'ring_bel'] })).toMatchObject({ created: false })
  })

  test('is not offered; a call of it has that as its result, and the agent goes on [definition:living]', async () => {
    const model = scriptedModel([call('gone_tool'), say('Without it, then.')])
    await begin(model)
    const { client, agentId } = agents
    // As an agent has it whose worker had the tool once.
    const { definition } = (await client.get(agentId)) ?? {}
    if (definition === undefined) throw new Error('no agent')
    await agents.stores.memory.agents.define(agentId, 2, { ...definition, tools: [...definition.tools, 'gone_tool'] })
    expect(await client.send(agentId, 'Use it')).toMatchObject({ end: 'completed', replyTexts: ['Without it, then.'] })
    expect(toolsOf(model.requests[0] as ModelRequest)).not.toContain('gone_tool')
    expect((await client.messages(agentId)).find(({ toolName }) => toolName === 'gone_tool')).toMatchObject({ ok: false, text: expect.stringContaining('tool-unknown') as string })
    expect(await update({ model: 'another' })).toMatchObject({ definition: { model: 'another' } })
  })
})
