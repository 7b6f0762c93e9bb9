import type { Payload, WorkflowHandle } from '@temporalio/client'
import proto from '@temporalio/proto'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from '../../../src/client/client.ts'
import { documentsWorkflowIdOf } from '../../../src/protocol/documents.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import { simulatedEmbedder } from '../../../src/simulated/embedder.ts'
import { say, scriptedModel } from '../../../src/testing.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { gate } from '../../support/gate.ts'
import { echoingModel, holdingModel } from './talk.ts'

let agents: Agents
afterEach(() => agents.close())

const { UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED: completed } = proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage

const timeout = 120_000
const patience = { timeout: 60_000, interval: 100 }

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const json = (text: string): Payload => ({ metadata: { encoding: bytes('json/plain') }, data: bytes(text) })

/** As the Web UI makes them, where somebody clicks on the other encoding, and as programs in other languages do. */
const unreadable: readonly (readonly [string, Payload])[] = [
  ['JSON/Protobuf', { metadata: { encoding: bytes('json/protobuf'), messageType: bytes('shop.Order') }, data: bytes('{"id":"one"}') }],
  ['JSON that is cut off', json('{"id":')],
  ['bytes without an encoding', { metadata: {}, data: bytes('{}') }],
]

const workflow = (id = workflowIdOf(agents.agentId)): WorkflowHandle => agents.temporal.workflow.getHandle(id)

/** The activity that runs now, completed in its worker's place. */
async function completeByHand(name: string, result: Payload | undefined, workflowId = workflowIdOf(agents.agentId)): Promise<void> {
  const { workflowService, options } = agents.temporal
  await expect.poll(async () => (await activityOf(name, workflowId))?.activityId, patience).toBeDefined()
  const activityId = (await activityOf(name, workflowId))?.activityId ?? ''
  await workflowService.respondActivityTaskCompletedById({ namespace: options.namespace, workflowId, activityId, ...(result && { result: { payloads: [result] } }) })
}

const activityOf = async (name: string, workflowId: string) =>
  (await workflow(workflowId).describe()).raw.pendingActivities?.find(({ activityType, state }) => activityType?.name === name && Number(state) === 2)

describe('a payload that nobody can read', { timeout }, () => {
  test.each(unreadable)('of a signal is left out, and the agent goes on: %s [workflow:unfailing event:user-signal]', async (_, payload) => {
    agents = await startAgents({ model: echoingModel() })
    const { client, agentId, temporal } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'One')
    for (const signalName of ['eventSignal', 'reconcile', 'renew']) {
      await temporal.workflowService.signalWorkflowExecution({ namespace: temporal.options.namespace, workflowExecution: { workflowId: workflowIdOf(agentId) }, signalName, input: { payloads: [payload] } })
    }
    expect(await client.send(agentId, 'Two')).toMatchObject({ end: 'completed', replyTexts: ['got Two'] })
    expect((await client.state(agentId)).counters).toMatchObject({ refusedSignals: 1 })
  })

  test.each(unreadable)('of an update is refused, and nothing is done: %s [workflow:unfailing turn:cancel]', async (_, payload) => {
    const { model, holds, open } = holdingModel()
    agents = await startAgents({ model })
    const { client, agentId, temporal } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'hold', { eventId: 'one' })
    await holds
    const { outcome } = await temporal.workflowService.updateWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowExecution: { workflowId: workflowIdOf(agentId) },
      waitPolicy: { lifecycleStage: completed },
      request: { meta: { updateId: 'by hand' }, input: { name: 'cancel', args: { payloads: [payload] } } },
    })
    expect(outcome?.failure?.applicationFailureInfo?.type).toBe('invalid-argument')
    open()
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ end: 'completed' })
  })

  test('with which a workflow is started ends it, and the next message starts the agent\'s [workflow:unfailing]', async () => {
    agents = await startAgents({ model: echoingModel() })
    const { client, agentId, temporal, taskQueue } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.send(agentId, 'One')
    await workflow().terminate('the test')
    const [, payload] = unreadable[0] ?? []
    await temporal.workflowService.startWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowId: workflowIdOf(agentId),
      workflowType: { name: 'agent' },
      taskQueue: { name: taskQueue },
      input: { payloads: payload === undefined ? [] : [payload] },
      requestId: agentId,
    })
    expect(await client.send(agentId, 'Two')).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['got Two'] })
  })
})

describe('a signal under a key that no worker has', { timeout }, () => {
  test('holds the agent up, and whoever waits is told of the key; terminated, the agent goes on from its stores [workflow:unfailing payload:encryption]', async () => {
    agents = await startAgents({ model: echoingModel() })
    const { client, agentId, temporal, stores, taskQueue } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'One', { eventId: 'one' })
    await client.outcome(agentId, 'one', { until: 'end' })
    const payload = { metadata: { encoding: bytes('binary/encrypted'), 'encryption-key-id': bytes('lost') }, data: new Uint8Array(60) }
    await temporal.workflowService.signalWorkflowExecution({ namespace: temporal.options.namespace, workflowExecution: { workflowId: workflowIdOf(agentId) }, signalName: 'eventSignal', input: { payloads: [payload] } })
    await expect.poll(async () => (await workflow().describe()).raw.pendingWorkflowTask?.attempt, patience).toBeGreaterThan(1)
    const hasty = createClient({ temporal, taskQueue, stores, patienceMs: 3_000 })
    await expect(hasty.post(agentId, 'Two', { eventId: 'two' })).rejects.toMatchObject({ code: 'no-worker', message: expect.stringMatching(/encrypted under the key "lost".*terminate the workflow/) as string })
    await workflow().terminate('the key is lost')
    await client.post(agentId, 'Two', { eventId: 'two' })
    expect(await client.outcome(agentId, 'two', { until: 'end' })).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['got Two'] })
  })
})

describe('an activity that somebody completes by hand', { timeout }, () => {
  const results: readonly (readonly [string, Payload | undefined])[] = [
    ['nothing', undefined],
    ['null', json('null')],
    ['an empty object', json('{}')],
    ['a text', json('"done"')],
    ['half an answer', json('{"outcome":"stored"}')],
    ...unreadable.slice(0, 1),
  ]

  test.each(results)('with %s parks the agent by name, and the step is run again [workflow:unfailing turn:park-resume]', async (_, result) => {
    const { model, holds, open } = holdingModel()
    agents = await startAgents({ model })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'hold', { eventId: 'one' })
    await holds
    await completeByHand('infer', result)
    open()
    await expect.poll(async () => (await client.state(agentId)).parked, patience).toMatchObject({ reason: 'activity-failed', detail: expect.stringContaining('by hand') as string, retryAt: expect.any(Number) as number })
    await client.resume(agentId)
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['got hold'] })
    expect(await client.send(agentId, 'Two')).toMatchObject({ turn: 2, end: 'completed' })
  })
})

describe('a workflow of the agent that somebody starts', { timeout }, () => {
  test('like this one, under another id, ends at once: no turn is taken twice [agent:one-workflow workflow:unfailing]', async () => {
    const { model, holds, open } = holdingModel()
    agents = await startAgents({ model })
    const { client, agentId, temporal, taskQueue } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'hold', { eventId: 'one' })
    await holds
    const { events } = await workflow().fetchHistory()
    const { input } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {}
    const copy = `copy-of-${agentId}`
    await temporal.workflowService.startWorkflowExecution({
      namespace: temporal.options.namespace,
      workflowId: copy,
      workflowType: { name: 'agent' },
      taskQueue: { name: taskQueue },
      ...(input && { input }),
      requestId: copy,
    })
    await expect(workflow(copy).result()).rejects.toMatchObject({ cause: { type: 'invalid-argument', message: expect.stringContaining(`is ${workflowIdOf(agentId)}`) as string } })
    open()
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['got hold'] })
    expect(model.requests).toHaveLength(1)
  })
})

describe('the workflow that loads documents', { timeout }, () => {
  test('goes on where it is woken without a word [workflow:unfailing documents:load]', async () => {
    const [embedding, embedded] = [gate(), gate()]
    const usual = simulatedEmbedder()
    const embedder: typeof usual = {
      ...usual,
      embed: async (...asked) => {
        embedding.open()
        await embedded.opened
        return usual.embed(...asked)
      },
    }
    agents = await startAgents({ model: scriptedModel([], { afterwards: say('Here.') }), embedder })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    const loading = client.loadDocuments(agentId, [{ name: 'a.txt', bytes: bytes('A fact. '.repeat(100)) }])
    await embedding.opened
    await workflow(documentsWorkflowIdOf(agentId)).signal('wake')
    embedded.open()
    expect(await loading).toMatchObject({ loaded: 1, failed: [] })
  })
})
