import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createClient } from '../../src/client/client.ts'
import { signalWithStart } from '../../src/client/temporal-agent.ts'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { AgentStore } from '../../src/stores/agents.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { call, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let agents: Agents
afterEach(() => agents.close())

let deaf = gate()
let started = false
/** Ends when the test lets it, whoever asks it to stop before. */
const deafTool = defineTool({
  name: 'deaf',
  description: 'does not hear that it is to stop',
  schema: z.object({}),
  policy: { placement: 'activity', idempotent: true, timeoutMs: 60_000 },
  run: async () => {
    started = true
    await deaf.opened
    return 'late'
  },
})

const answering = (): ScriptedModel => scriptedModel([], { afterwards: () => say('Hello.') })

async function begin(model: ScriptedModel): Promise<void> {
  deaf = gate()
  started = false
  agents = await startAgents({ model, tools: [deafTool] })
}

const create = (id = agents.agentId) => agents.client.create({ id, model: 'scripted', tools: ['send_message', 'deaf'] })

/** What the stores hold under a key. */
async function left(key: string): Promise<readonly unknown[]> {
  const { memory, archival } = agents.stores
  return [await memory.agents.get(key), await memory.messages.count(key), await archival.count(key), await memory.blocks.current(`${key}/human`)]
}
const nothing = [undefined, 0, 0, undefined]

describe('a name that is used again', () => {
  test('is another agent from the moment in which its deletion begins, and the rest of that does not reach it [agent:generations]', async () => {
    await begin(scriptedModel([call('deaf', {}, { heartbeat: true })], { afterwards: () => say('I am new.') }))
    const { client, agentId } = agents
    await create()
    const turn = client.send(agentId, 'Begin').catch((error: unknown) => error)
    await expect.poll(() => started, { timeout: 20_000 }).toBe(true)
    const deletion = client.delete(agentId)
    await expect.poll(() => client.get(agentId)).toBeUndefined()
    await expect(client.send(agentId, 'Still there?')).rejects.toMatchObject({ code: 'agent-unknown' })

    const { created, agent } = await create()
    expect([created, agent.key]).toEqual([true, `${agentId}~2`])
    expect(await client.send(agentId, 'Hello?')).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['I am new.'] })
    expect(await agents.stores.memory.agents.get(agentId)).toMatchObject({ deletingAt: expect.any(String) as string })
    const before = await client.messages(agentId)

    deaf.open()
    await deletion
    await turn
    expect(await left(agentId)).toEqual(nothing)
    expect(await client.messages(agentId)).toEqual(before)
    expect(await client.send(agentId, 'Again?')).toMatchObject({ turn: 2, replyTexts: ['I am new.'] })
    expect(await client.state(agentId)).toMatchObject({ agentId, counters: { turns: 2 } })
    expect((await agents.temporal.workflow.getHandle(workflowIdOf(`${agentId}~2`)).describe()).status.name).toBe('RUNNING')
  })

  test('may be deleted and created again and again [agent:generations]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    const keys: string[] = []
    for (let round = 0; round < 3; round += 1) {
      const { agent } = await create()
      keys.push(agent.key)
      expect(await client.send(agentId, 'Hello?')).toMatchObject({ turn: 1, replyTexts: ['Hello.'] })
      await client.delete(agentId)
      expect(await left(agent.key)).toEqual(nothing)
    }
    expect(keys).toEqual([agentId, `${agentId}~2`, `${agentId}~3`])
  })

  test('has an agent that no repetition of the command reaches by which an earlier one of the name was deleted [agent:generations]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    await create()
    for (const [commandId, next] of [['first', `${agentId}~2`], ['second', `${agentId}~3`]] as const) {
      await client.send(agentId, 'Hello?')
      for (let time = 0; time < 2; time += 1) await client.delete(agentId, { commandId })
      const { agent } = await create()
      expect(agent.key).toBe(next)
      for (const earlier of ['first', commandId]) {
        await client.delete(agentId, { commandId: earlier })
        expect(await client.command(agentId, { type: 'archive', erase: true }, { commandId: earlier })).toEqual({ status: 'done', detail: 'deleted' })
      }
      expect(await client.get(agentId)).toEqual(agent)
    }
    // One that was broken off before the agent's workflow heard of it goes on, and is about the agent that it was about.
    await agents.stores.memory.agents.markDeleting(`${agentId}~3`, new Date().toISOString(), 'third')
    const { agent } = await create()
    await client.delete(agentId, { commandId: 'third' })
    expect(await left(`${agentId}~3`)).toEqual(nothing)
    expect(await client.get(agentId)).toEqual(agent)
  })

  test.for(['told to read the stores', 'begun anew'] as const)('has an agent that no repetition of a deletion reaches which the workflow of the earlier one, %s, has finished by itself [agent:generations]', async (how) => {
    await begin(answering())
    const { client, agentId } = agents
    const { agent: first } = await create()
    await client.send(agentId, 'Hello?')
    if (how === 'begun anew') await agents.temporal.workflow.getHandle(workflowIdOf(first.key)).terminate('in the middle')
    await agents.stores.memory.agents.markDeleting(first.key, new Date().toISOString(), 'command')
    // As a worker that looks after agents does it.
    await signalWithStart({ temporal: agents.temporal, taskQueue: agents.taskQueue }, first, handlerNames.reconcile, [])
    await expect.poll(() => left(first.key)).toEqual(nothing)

    const { agent } = await create()
    expect(agent.key).toBe(`${agentId}~2`)
    await client.delete(agentId, { commandId: 'command' })
    expect(await client.get(agentId)).toEqual(agent)
    await client.delete(agentId, { commandId: 'another' })
    expect(await client.get(agentId)).toBeUndefined()
  })

  test('has an agent that is reached neither by the command which began the deletion of the earlier one nor by the one that finished it [agent:generations]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    const { agent: first } = await create()
    await client.send(agentId, 'Hello?')
    await agents.stores.memory.agents.markDeleting(first.key, new Date().toISOString(), 'beginning')
    await client.delete(agentId, { commandId: 'finishing' })
    expect(await left(first.key)).toEqual(nothing)
    // What Temporal knows is not asked.
    await agents.temporal.workflowService.deleteWorkflowExecution({ namespace: agents.temporal.options.namespace, workflowExecution: { workflowId: workflowIdOf(first.key) } })
    const { agent } = await create()
    for (const commandId of ['beginning', 'finishing']) await client.delete(agentId, { commandId })
    expect(await client.get(agentId)).toEqual(agent)
  })

  test.for(['the same', 'another'])('has an agent that no deletion reaches which was on its way when %s command deleted the earlier one [agent:generations]', async (commandId) => {
    await begin(answering())
    const { client, agentId, stores, temporal, taskQueue } = agents
    const { agents: ofStores } = stores.memory
    await create()
    const overtaken: AgentStore = {
      ...ofStores,
      wasDeletedBy: async (lineOrKey, by) => {
        const answer = await ofStores.wasDeletedBy(lineOrKey, by)
        await client.delete(agentId, { commandId: 'the same' })
        await create()
        return answer
      },
    }
    await createClient({ temporal, taskQueue, stores: { ...stores, memory: { ...stores.memory, agents: overtaken } }, embedder: simulatedEmbedder() }).delete(agentId, { commandId })
    const next = await client.get(agentId)
    expect(next?.key).toBe(`${agentId}~2`)
    await client.delete(agentId, { commandId })
    expect(await client.get(agentId)).toEqual(next)
  })

  test('has one agent in force whatever creations and deletions race for it [agent:generations]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    const unknown = (error: unknown): void => expect(error).toMatchObject({ code: 'agent-unknown' })
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? create() : client.delete(agentId).catch(unknown))))
    const { agent } = await create()
    expect(await client.send(agentId, 'Hello?')).toMatchObject({ turn: 1, replyTexts: ['Hello.'] })
    expect(await agents.stores.memory.agents.beingDeleted(agentId)).toEqual([])
    expect(await client.get(agentId)).toEqual(agent)
  })

  test('is deleted to the end by a second request where the first was broken off with its workflow [agent:generations]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    await create()
    await client.send(agentId, 'Hello?')
    await agents.stores.memory.agents.markDeleting(agentId, new Date().toISOString())
    await agents.temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('in the middle')
    expect(await client.get(agentId)).toBeUndefined()
    await client.delete(agentId)
    expect(await left(agentId)).toEqual(nothing)
    await expect(client.delete(agentId)).rejects.toMatchObject({ code: 'agent-unknown' })
  })
})

describe("another agent's block", () => {
  const withBlock = (id: string, block: { readonly blockId?: string; readonly shared?: boolean; readonly readOnly?: boolean }) =>
    agents.client.create({ id, model: 'scripted', blocks: [{ label: 'notes', value: id, ...block }] })

  test('is refused unless that agent shares it [multi:shared-blocks agent:generations]', async () => {
    await begin(answering())
    const owner = `${agents.agentId}-owner`
    await withBlock(owner, {})
    for (const blockId of [`${owner}/notes`, `${owner}/other`, `nobody-${agents.agentId}/notes`, `${owner}~2/notes`]) {
      await expect(withBlock(agents.agentId, { blockId })).rejects.toMatchObject({ code: 'block-private' })
      await expect(agents.client.importConversation({ id: agents.agentId, blocks: [{ label: 'notes', blockId }] }, [{ role: 'user', text: 'Hi', at: '2024-01-01T00:00:00Z' }])).rejects.toMatchObject({ code: 'block-private' })
    }
    await expect(withBlock(agents.agentId, { blockId: `${agents.agentId}/other` })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(withBlock(agents.agentId, { blockId: 'team', shared: true })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await agents.client.get(agents.agentId)).toBeUndefined()
  })

  test('is shared where that agent says so, outlives it, and is not that of the next agent of its name [multi:shared-blocks agent:generations]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    const owner = `${agentId}-owner`
    const notes = async (id: string): Promise<string> => (await client.blocks(id))[0]?.value ?? ''
    await withBlock(owner, { shared: true })
    await client.editBlock(owner, 'notes', 'seen by both')
    await withBlock(agentId, { blockId: `${owner}/notes` })
    expect(await notes(agentId)).toBe('seen by both')
    await client.editBlock(agentId, 'notes', 'written by the other')
    expect(await notes(owner)).toBe('written by the other')

    await client.delete(owner)
    expect(await notes(agentId)).toBe('written by the other')
    await withBlock(owner, { shared: true })
    expect(await notes(owner)).toBe(owner)
    await client.editBlock(owner, 'notes', 'of the next one')
    expect(await notes(agentId)).toBe('written by the other')
    // The same again changes nothing, whoever has the name by now.
    expect((await withBlock(agentId, { blockId: `${owner}/notes` })).created).toBe(false)
    await withBlock(`${agentId}-third`, { blockId: `${owner}/notes` })
    expect(await notes(`${agentId}-third`)).toBe('of the next one')
  })

  test('that its owner keeps read-only stays so for others [multi:shared-blocks]', async () => {
    await begin(answering())
    const owner = `${agents.agentId}-owner`
    await withBlock(owner, { shared: true, readOnly: true })
    await expect(withBlock(agents.agentId, { blockId: `${owner}/notes` })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect((await withBlock(agents.agentId, { blockId: `${owner}/notes`, readOnly: true })).created).toBe(true)
  })
})

describe('a name that two sets of stores have on one Temporal server', () => {
  test('names the agent whose workflow runs; what is sent to the other one is refused, and finds it where that is gone [workflow:unfailing agent:one-workflow]', async () => {
    await begin(answering())
    const { client, agentId } = agents
    await create()
    await client.send(agentId, 'Hello?')
    const folder = await temporaryFolder()
    const others = await startAgents({ model: answering(), stores: await openEmbeddedStores({ file: join(folder.path, 'memory.db') }) })
    try {
      const refusal = { code: 'wrong-stores', message: expect.stringMatching(/in other stores; .*namespace of its own/) as string }
      await others.client.create({ id: agentId, model: 'scripted' })
      await expect(others.client.send(agentId, 'Is it you?', { eventId: 'one' })).rejects.toMatchObject(refusal)
      await expect(others.client.state(agentId)).rejects.toMatchObject(refusal)
      await expect(others.client.cancel(agentId)).rejects.toMatchObject(refusal)
      await expect(others.client.command(agentId, { type: 'save', name: 'now' })).rejects.toMatchObject(refusal)
      await others.client.signal(agentId, 'By signal', { eventId: 'two' })
      await expect.poll(async () => (await client.state(agentId)).counters.refusedSignals).toBe(1)
      expect(await client.send(agentId, 'Still there?')).toMatchObject({ turn: 2, end: 'completed' })

      await agents.temporal.workflow.getHandle(workflowIdOf(agentId)).terminate()
      expect(await others.client.send(agentId, 'Is it you?', { eventId: 'one' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
      expect(await others.client.outcome(agentId, 'two')).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    } finally {
      await others.close()
      await folder.remove()
    }
  })
})
