import { WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { Worker } from '@temporalio/worker'
import { afterEach, describe, expect, inject, test } from 'vitest'
import type { Chat } from '../../src/cli/chat/chat.ts'
import { resume } from '../../src/cli/slash/control.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { handlerNames, type AgentView } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'

let agents: Agents
afterEach(() => agents.close())

const workflow = () => agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))

async function kindsInHistory(): Promise<readonly string[]> {
  const { events } = await workflow().fetchHistory()
  return (events ?? []).flatMap((event) => Object.entries(event).flatMap(([kind, attributes]) => (kind.endsWith('Attributes') && attributes != null ? [kind] : [])))
}

describe('whoever looks at an agent', () => {
  test('leaves nothing in its history, however often, and may look at an agent that is archived [query:state updates:bounded]', async () => {
    agents = await startAgents({ model: scriptedModel([say('Yes.')]) })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'Ready?')
    // The turn's record is there a moment before its last workflow task is.
    await client.state(agentId)
    const before = await kindsInHistory()
    for (let look = 0; look < 5; look += 1) await Promise.all(Array.from({ length: 20 }, async () => client.state(agentId)))
    expect(await kindsInHistory()).toEqual(before)
    await client.command(agentId, { type: 'archive', erase: false })
    expect(await client.state(agentId)).toMatchObject({ agentId, status: 'idle' })
  })

  test('is told what of a step fails and is tried again, and has the messages of the step that runs in the context [query:state cli:chat]', async () => {
    const model = scriptedModel([say('Yes.')])
    let failing = true
    agents = await startAgents({
      model: { ...model, complete: async (...asked) => (failing ? Promise.reject(new ModelError('server-error', "the model's endpoint failed (503): no key of yours", { status: 503 })) : model.complete(...asked)) },
    })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    const sent = client.send(agentId, 'Ready?', { until: 'end' })
    const retrying = { activity: 'infer', attempt: expect.any(Number) as number, detail: "the model's endpoint failed (503): no key of yours" }
    await expect.poll(async () => (await client.state(agentId)).running?.retrying, { timeout: 60_000 }).toEqual(retrying)
    expect(await client.context(agentId)).toMatchObject([{ role: 'user', text: 'Ready?', turn: 1 }])
    // A park may stand on a chat's screen all the while.
    const chat = { agentId, key: agentId, connection: { client, stores: agents.stores }, outbox: { waiting: () => [] }, console: { interactive: true }, shown: {} } as unknown as Chat
    expect(await resume.run(chat, '')).toMatch(/not parked: it tries again by itself, with attempt \d+\. The one before failed: the model's endpoint failed \(503\)/)
    failing = false
    expect(await sent).toMatchObject({ end: 'completed' })
    expect((await client.state(agentId)).running).toBeUndefined()
    expect(await client.context(agentId)).toEqual(await client.messages(agentId))
  })

  test('has an answer while a turn runs, as a query has, and its history replays [query:state history:replay]', async () => {
    const thinking = gate()
    const steps = [call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true }), say('Yes.')]
    const model = scriptedModel(steps)
    agents = await startAgents({ model: { ...model, complete: async (...asked) => thinking.opened.then(async () => model.complete(...asked)) } })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    const sent = client.send(agentId, 'Ready?', { eventId: 'one' })
    await expect.poll(async () => (await client.state(agentId)).running, { timeout: 20_000 }).toMatchObject({ turn: 1, eventId: 'one' })
    await client.post(agentId, 'And then?', { eventId: 'two' })
    const seen = await client.state(agentId)
    expect(seen).toEqual(await workflow().query<AgentView>(handlerNames.state))
    expect(seen.mailbox).toMatchObject([{ eventId: 'two' }])
    thinking.open()
    const looks = Promise.all(Array.from({ length: 30 }, async () => client.state(agentId)))
    await sent
    await looks
    expect(await kindsInHistory()).not.toContain('workflowExecutionUpdateRejectedEventAttributes')
    await Worker.runReplayHistory({ workflowBundle: { code: inject('workflowCode') } }, await workflow().fetchHistory(), workflowIdOf(agentId))
  })

  test('that has ended is told how it ended; at one of which Temporal knows nothing, that there is none [query:state recover:from-stores]', async () => {
    agents = await startAgents({ model: scriptedModel([]) })
    const { client, agentId, stores } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.state(agentId)
    await workflow().terminate('a wrong button')
    expect(await client.state(agentId)).toMatchObject({ agentId })
    const lost = defineAgent({ id: `${agentId}-lost`, model: 'scripted' })
    await stores.memory.agents.create({ definition: lost, digest: 'lost', createdAt: new Date().toISOString() })
    await expect(client.state(lost.id)).rejects.toMatchObject({ code: 'agent-unknown' })
  })

  test('is told what can be asked for [query:state]', async () => {
    agents = await startAgents({ model: scriptedModel([]) })
    await agents.client.create({ id: agents.agentId, model: 'scripted' })
    const error: unknown = await workflow()
      .executeUpdate(handlerNames.look, { args: [{ query: 'secrets' }] })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError)
    expect((error as WorkflowUpdateFailedError).cause).toBeInstanceOf(ApplicationFailure)
    expect(error).toMatchObject({ cause: { type: 'invalid-argument', message: 'query is one of state, queue, contextParts, eventAnswer, commandAnswer' } })
  })
})
