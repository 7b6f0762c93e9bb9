import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, test } from 'vitest'
import type { StepPrompt } from '../../src/index.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import { countRequestTokens } from '../../src/model/tokens.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openServerStores } from '../../src/stores/servers.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { call, hang, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { alterMessage } from '../support/alter-message.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
let file = ''
let cleanUp = async (): Promise<void> => undefined
afterEach(async () => {
  await agents.close()
  await cleanUp()
})

async function begin(model: ScriptedModel, agent: { readonly contextWindow?: number; readonly instructionsEditable?: boolean } = {}): Promise<void> {
  const folder = await temporaryFolder()
  cleanUp = () => folder.remove()
  file = join(folder.path, 'memory.db')
  agents = await startAgents({ model, stores: await openStores() })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...agent })
}

function openStores(): Promise<Stores> {
  const servers = inject('storeServers')
  if (servers === undefined) return openEmbeddedStores({ file })
  if ('unavailable' in servers) throw new Error(servers.unavailable)
  return openServerStores(servers)
}

const steps = async (): Promise<readonly StoredMessage[]> => (await agents.client.messages(agents.agentId, { limit: 1_000 })).filter(({ role }) => role === 'assistant')
const promptOf = ({ turn, step }: Pick<StoredMessage, 'turn' | 'step'>): Promise<StepPrompt> => agents.client.prompt(agents.agentId, { turn, step })
const promptsOfAll = async (): Promise<readonly StepPrompt[]> => Promise.all((await steps()).map(promptOf))
const bytes = (request: ModelRequest): string => JSON.stringify(request)
/** Requests for steps; those for summaries offer no tools. */
const asked = ({ requests }: ScriptedModel): readonly ModelRequest[] => requests.filter(({ tools }) => tools.length > 0)
const shows = ({ request: { messages } }: StepPrompt): string => messages.map(({ content }) => content).join('\n')

const clientTool = { name: 'ask_user', description: 'asks', parameters: { type: 'object', properties: { 2: { type: 'string' }, 1: { type: 'string' } }, required: ['2'] } }
const long = (topic: number): string => `About ${topic}: ${'the tide comes and goes and the boats lie in the harbour. '.repeat(12)}`

describe('the prompt of a step', () => {
  test('is made again letter for letter: blocks that the agent and a person have edited and undone, definitions that were changed, tools of a message, statistics, checkpoints, compactions, new runs [prompt:exact]', async () => {
    const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'Ada 𝄞 "likes" tea' }, { heartbeat: true }), say('Hello Ada.'), call('instructions_replace', { new_instructions: 'Rhyme.' }, { heartbeat: true })], {
      withoutTools: think('They talked of tides.'),
      afterwards: ({ messages }) => (messages.at(-1)?.content.includes('Remember') ? call('archival_memory_insert', { content: 'Boats are moored.' }, { heartbeat: true }) : say('I see.')),
    })
    await begin(model, { contextWindow: 4_500, instructionsEditable: true })
    const { client, agentId } = agents
    await client.send(agentId, 'I am Ada')
    await client.editBlock(agentId, 'human', 'Grace')
    await client.send(agentId, 'Change how you speak')
    await client.undoBlock(agentId, 'human')
    await client.send(agentId, 'Remember the boats')
    await client.update(agentId, { instructions: 'Be brief.', sampling: { temperature: 0.2, maxOutputTokens: 300, extra: { top_k: 4 } }, blocks: { boats: { value: 'Two boats', limit: 90 } } })
    await client.send(agentId, 'With a tool?', { clientTools: [clientTool] })
    await client.command(agentId, { type: 'save', name: 'early' })
    for (let topic = 0; (await client.state(agentId)).counters.compactions < 2; topic += 1) await client.send(agentId, long(topic))
    await client.command(agentId, { type: 'renew' })
    await client.send(agentId, 'After the new run')
    await client.command(agentId, { type: 'load', name: 'early' })
    await client.send(agentId, 'As it was early')
    await client.command(agentId, { type: 'pop' })
    await client.undoDefinition(agentId)
    await client.send(agentId, 'And the last')

    const prompts = await promptsOfAll()
    expect(prompts.map(({ request }) => bytes(request))).toEqual(asked(model).map(bytes))
    expect(prompts.filter(({ exact }) => !exact)).toEqual([])
    expect(prompts.map(({ digest }) => digest.kept)).toEqual(asked(model).map((request) => createHash('sha256').update(bytes(request)).digest('hex')))
    // The story has had what it was to have.
    expect(new Set(prompts.map(({ madeOf }) => madeOf.definition)).size).toBeGreaterThanOrEqual(4)
    expect(new Set(prompts.map(({ madeOf }) => madeOf.summary)).size).toBeGreaterThanOrEqual(3)
    expect(new Set(prompts.map(({ madeOf }) => madeOf.blockVersions['human'])).size).toBeGreaterThanOrEqual(4)
    expect(prompts.filter(({ request: { tools } }) => tools.some(({ name }) => name === 'ask_user'))).toHaveLength(1)
  })

  test('says what fills the window, section by section, as it was counted then [prompt:exact context:budget]', async () => {
    const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true }), say('Noted.')])
    await begin(model, { contextWindow: 8_000 })
    await agents.client.send(agents.agentId, 'I like tea')
    const [first = expect.fail(), second = expect.fail()] = await promptsOfAll()
    const { instructions, tools, coreMemory, statistics, blocks, summary, queue, total } = second.tokens
    expect(instructions + tools + coreMemory + statistics + summary + queue).toBe(total)
    expect(Object.keys(blocks)).toEqual(['persona', 'human'])
    expect(Object.values(blocks).reduce((sum, tokens) => sum + tokens, 0)).toBeLessThanOrEqual(coreMemory)
    expect(blocks['human']).toBeGreaterThan(first.tokens.blocks['human'] ?? Infinity)
    expect(second).toMatchObject({ contextWindow: 8_000, warning: 5_600, flush: 7_200, cause: 'heartbeat', usage: { promptTokens: countRequestTokens(asked(model)[1] ?? expect.fail()) } })
  })

  test('is there for an archived agent, and gone with a deleted one: frames too [prompt:exact agent:generations]', async () => {
    await begin(scriptedModel([say('Hello.')]))
    const { client, agentId, stores } = agents
    await client.send(agentId, 'Hi')
    const [{ context } = expect.fail()] = await steps()
    await client.command(agentId, { type: 'archive', erase: false })
    expect(await promptOf({ turn: 1, step: 1 })).toMatchObject({ exact: true })
    expect(await stores.memory.promptFrames.get(agentId, context?.prompt?.frame ?? '')).toBeDefined()
    await client.delete(agentId)
    await expect(promptOf({ turn: 1, step: 1 })).rejects.toMatchObject({ code: 'agent-unknown' })
    expect(await stores.memory.promptFrames.get(agentId, context?.prompt?.frame ?? '')).toBeUndefined()
  })

  test('that is not known is refused by name: no such step, one that was cancelled, numbers that are none [prompt:exact]', async () => {
    const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'x' }, { heartbeat: true }), hang()])
    await begin(model)
    const { client, agentId } = agents
    const { eventId } = await client.post(agentId, 'Hi')
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(2)
    await expect(promptOf({ turn: 1, step: 2 })).rejects.toMatchObject({ code: 'prompt-unknown', message: expect.stringContaining('no step 2 in a turn 1') as string })
    await client.cancel(agentId)
    await client.outcome(agentId, eventId)
    await expect(promptOf({ turn: 1, step: 2 })).rejects.toMatchObject({ code: 'prompt-unknown', message: expect.stringContaining('cancelled') as string })
    await expect(promptOf({ turn: 9, step: 1 })).rejects.toMatchObject({ code: 'prompt-unknown' })
    for (const step of [0, 1.5, Number.NaN]) await expect(promptOf({ turn: 1, step })).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})

describe('a prompt that can not be made again', () => {
  test('is seen by its digest, where a stored message was altered, in this step and in later ones alone [prompt:exact]', async () => {
    await begin(scriptedModel([say('One.'), say('Two.'), say('Three.')]))
    const { client, agentId } = agents
    await client.send(agentId, 'first question')
    await client.send(agentId, 'second question')
    await client.send(agentId, 'third question')
    const seq = (await client.messages(agentId)).find(({ text }) => text === 'second question')?.seq ?? expect.fail()
    await alterMessage({ file, agentId, seq, from: 'second', to: 'sécond' })
    const prompts = await promptsOfAll()
    expect(prompts.map(({ exact, missing }) => [exact, missing])).toEqual([[true, []], [false, []], [false, []]])
    expect(shows(prompts[1] ?? expect.fail())).toContain('sécond question')
  })
})
