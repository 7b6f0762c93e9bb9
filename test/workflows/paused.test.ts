import { Context } from '@temporalio/activity'
import { Client } from '@temporalio/client'
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Chat } from '../../src/cli/chat/chat.ts'
import { heldUpText } from '../../src/cli/output/held-up.ts'
import { resume } from '../../src/cli/slash/control.ts'
import { stateLines } from '../../src/cli/slash/state.ts'
import { agents as doctorsAgents } from '../../src/operations/doctor/checks/agents.ts'
import { encryptedDataConverter } from '../../src/codec/data-converter.ts'
import { newRingEntry, readKeyRing } from '../../src/codec/key-ring.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { heldUp } from '../../src/client/held-up.ts'
import { simulatedEmbedder } from '../../src/simulated/embedder.ts'
import { examine } from '../../src/operations/doctor/examine.ts'
import { documentsWorkflowIdOf } from '../../src/protocol/documents.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import type { PausedActivity } from '../../src/protocol/handlers.ts'
import { call, hang, say, scriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { ensureSearchAttributes } from '../../src/worker/search-attributes.ts'
import { startTemporal } from '../servers/temporal.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'

let agents: Agents
afterEach(() => agents.close())

const reason = 'the provider is being moved'

/** As the Web UI's button does, and `temporal activity pause`. */
async function paused(activity: string, inAttempt?: number): Promise<PausedActivity> {
  const { client, agentId, temporal: { workflowService, options: { namespace } } } = agents
  const pending = async () => (await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: workflowIdOf(agentId) } })).pendingActivities.find(({ activityType, attempt }) => activityType?.name === activity && (inAttempt === undefined || attempt === inAttempt))
  await expect.poll(pending, { timeout: 60_000 }).toBeDefined()
  const id = (await pending())?.activityId ?? null
  await workflowService.pauseActivity({ namespace, execution: { workflowId: workflowIdOf(agentId) }, id, identity: 'ops@shop', reason })
  const [one] = (await client.state(agentId)).paused ?? []
  return one ?? expect.fail('nobody is told of it')
}

const unpaused = ({ activityId: id }: PausedActivity): Promise<unknown> => {
  const { agentId, temporal: { workflowService, options: { namespace } } } = agents
  return workflowService.unpauseActivity({ namespace, execution: { workflowId: workflowIdOf(agentId) }, id })
}

describe('an activity that an operator has paused', () => {
  test('is told to whoever looks, with the reason; unpaused, an inference goes on by itself, and is not told as one that failed [query:state cli:chat doctor workflow:unfailing]', async () => {
    const thinking = gate()
    const model = scriptedModel([hang(), say('Here.')])
    let asked = 0
    agents = await startAgents({ model: { ...model, complete: (...request) => ((asked += 1) === 1 ? model.complete(...request) : thinking.opened.then(() => model.complete(...request))) } })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'Are you there?', { eventId: 'one' })
    await expect.poll(() => asked).toBe(1)
    const inference = await paused('infer')
    expect(inference).toEqual({ activity: 'infer', activityId: expect.any(String) as string, since: expect.stringMatching(/^20\d\d-.*Z$/) as string, reason })
    const view = await client.state(agentId)
    expect(view).toMatchObject({ status: 'running', running: { turn: 1, eventId: 'one' }, paused: [inference] })
    expect(heldUpText(view)).toBe(`paused in Temporal by an operator: ${reason}`)
    expect(stateLines(view).join('\n')).toContain(`paused in Temporal by an operator at ${inference.since}: ${reason}; activity ${inference.activityId} (infer) goes on once it is unpaused there`)
    const chat = { agentId, key: agentId, connection: { client, stores: agents.stores }, outbox: { waiting: () => [] }, console: { interactive: true }, shown: {} } as unknown as Chat
    expect(await resume.run(chat, '')).toContain(`The agent is not parked:\n  paused in Temporal by an operator`)
    // The request is broken off, and no other one is made before it is unpaused.
    await expect.poll(async () => agents.temporal.workflow.getHandle(workflowIdOf(agentId)).describe().then(({ raw }) => raw.pendingActivities?.[0]?.attempt)).toBe(2)
    expect((await client.state(agentId)).paused).toEqual([inference])
    expect(asked).toBe(1)
    const env = { PERDURE_HOME: '/nowhere', TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: inject('temporalNamespace') }
    await expect.poll(async () => (await examine({ env, checks: [doctorsAgents] })).examined.flatMap(({ findings }) => findings.map(({ found }) => found)), { timeout: 30_000 }).toContainEqual(expect.stringMatching(/\d+ (is|are) paused in Temporal/))
    await unpaused(inference)
    await expect.poll(() => asked).toBe(2)
    const { running, paused: stillPaused } = await client.state(agentId)
    expect({ running, stillPaused }).toEqual({ running: view.running })
    thinking.open()
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Here.'] })
  })

  test('is not broken off where it must not be repeated: such a tool runs to its end, and the model has its result [query:state step:at-most-once]', async () => {
    const [heard, finish] = [gate(), gate()]
    const pay = defineTool({
      name: 'pay',
      description: 'pays',
      schema: z.object({}),
      policy: { placement: 'activity', idempotent: false },
      run: async (_, { signal }) => {
        const { cancellationSignal } = Context.current()
        cancellationSignal.addEventListener('abort', () => heard.open())
        await finish.opened
        return signal.aborted ? 'broken off' : 'paid'
      },
    })
    agents = await startAgents({ model: scriptedModel([call('pay', {}, { heartbeat: true }), say('Done.')]), tools: [pay] })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'pay'] })
    await client.post(agentId, 'Pay it.', { eventId: 'one' })
    expect(await paused('callTool')).toMatchObject({ activity: 'callTool', reason })
    await heard.opened
    finish.open()
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Done.'] })
    expect((await client.messages(agentId)).find(({ toolName }) => toolName === 'pay')?.text).toContain('paid')
  })

  /** An agent whose tool, which must not be repeated, is paused: it runs until it is told to end. */
  async function pausedTool(timeoutMs: number): Promise<{ readonly tool: PausedActivity; readonly ended: Promise<void> }> {
    const [begun, heard, ended] = [gate(), gate(), gate()]
    const pay = defineTool({
      name: 'pay',
      description: 'pays',
      schema: z.object({}),
      policy: { placement: 'activity', idempotent: false, timeoutMs },
      run: async (_, { signal }) => {
        Context.current().cancellationSignal.addEventListener('abort', () => heard.open())
        begun.open()
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended.open()
            reject(new Error('broken off'))
          })
        })
        return ''
      },
    })
    agents = await startAgents({ model: scriptedModel([call('pay', {}, { heartbeat: true }), say('Done.')]), tools: [pay] })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'pay'] })
    await client.post(agentId, 'Pay it.', { eventId: 'one' })
    await begun.opened
    const tool = await paused('callTool')
    await heard.opened
    return { tool, ended: ended.opened }
  }

  test('and goes on ends where its turn is cancelled [query:state turn:cancel step:at-most-once]', async () => {
    await pausedTool(600_000)
    const { client, agentId } = agents
    expect(await client.cancel(agentId)).toBe(true)
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'cancelled' })
  })

  test('and goes on ends with its time, and is not run again once it is unpaused [query:state step:at-most-once]', async () => {
    const { tool, ended } = await pausedTool(5_000)
    await ended
    await unpaused(tool)
    const { client, agentId } = agents
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Done.'] })
    expect((await client.messages(agentId)).find(({ toolName }) => toolName === 'pay')?.text).toContain('outcome unknown')
  })

  test('and goes on ends when its worker stops [query:state step:at-most-once]', async () => {
    const { ended } = await pausedTool(600_000)
    await agents.withoutWorker(() => ended)
  })

  test('is told also where another one is tried again, whose failure is under a key that is not held [query:state payload:encryption]', async () => {
    const model = scriptedModel([say('Done.')])
    const policy = { placement: 'activity', attempts: 50 } as const
    const [pay, look] = [
      defineTool({ name: 'pay', description: 'pays', schema: z.object({}), policy: { ...policy, idempotent: true }, run: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('broken off')))) }),
      defineTool({ name: 'look', description: 'looks', schema: z.object({}), policy: { ...policy, idempotent: true }, run: () => Promise.reject(new Error('not yet')) }),
    ]
    const calls = ['pay', 'look'].map((name) => ({ id: name, name, arguments: '{"request_heartbeat":true}' }))
    agents = await startAgents({ model: { ...model, complete: () => Promise.resolve({ text: '', toolCalls: calls, finishReason: 'tool-calls' }) }, tools: [pay, look], keys: readKeyRing(newRingEntry('ours')) })
    const { client, agentId, temporal: { connection, options: { namespace } } } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'pay', 'look'] })
    await client.post(agentId, 'Pay it.', { eventId: 'one' })
    await expect.poll(async () => (await client.state(agentId)).running?.retrying).toMatchObject({ activity: 'callTool' })
    const told = await paused('callTool', 1)
    const others = new Client({ connection, namespace, dataConverter: encryptedDataConverter(readKeyRing(newRingEntry('others'))) })
    expect(await heldUp(others, agentId)).toEqual({ paused: [told] })
  })

  test('is told of a parked agent too, whose look for its stores it is; a turn whose inference is paused can be cancelled [query:state turn:cancel turn:park-resume]', async () => {
    const model = scriptedModel([say('Here.'), hang()])
    agents = await startAgents({ model })
    const { client, agentId } = agents
    let look: PausedActivity | undefined
    await agents.withOtherStores(async () => {
      await client.create({ id: agentId, model: 'scripted' })
      await client.post(agentId, 'Are you there?', { eventId: 'one' })
      look = await paused('awaitStores')
      expect(await client.state(agentId)).toMatchObject({ status: 'parked', parked: { reason: 'wrong-stores' }, paused: [{ activity: 'awaitStores', reason }] })
    })
    await unpaused(look ?? expect.fail())
    expect(await client.outcome(agentId, 'one', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Here.'] })
    await client.post(agentId, 'And now?', { eventId: 'two' })
    await expect.poll(() => model.requests.length).toBe(2)
    await paused('infer')
    expect(await client.cancel(agentId)).toBe(true)
    expect(await client.outcome(agentId, 'two', { until: 'end' })).toMatchObject({ turn: 2, end: 'cancelled' })
  })
})

describe('a whole workflow that an operator has paused, where the server lets him', () => {
  const usual = simulatedEmbedder()
  let embedding = gate()
  let embedded = gate()

  beforeEach(async () => {
    ;[embedding, embedded] = [gate(), gate()]
    const embed: typeof usual.embed = async (...asked) => {
      embedding.open()
      await embedded.opened
      return usual.embed(...asked)
    }
    const temporal = await startTemporal({ dynamicConfig: ['frontend.WorkflowPauseEnabled=true'] })
    onTestFinished(() => temporal.stop())
    const connection = await connectTemporal(temporal)
    await ensureSearchAttributes(connection, temporal.namespace).finally(() => connection.close())
    agents = await startAgents({ model: scriptedModel([], { afterwards: say('Here.') }), embedder: { ...usual, embed }, temporal })
    await agents.client.create({ id: agents.agentId, model: 'scripted' })
  }, 120_000)

  test('takes nothing, and who asks is told why at once; unpaused, it has each message that was sent meanwhile, in order [workflow:unfailing mailbox:durable]', { timeout: 120_000 }, async () => {
    const { client, agentId, temporal: { workflowService, options: { namespace } } } = agents
    const workflowId = workflowIdOf(agentId)
    embedded.open()
    await client.send(agentId, 'one', { eventId: 'one' })
    await workflowService.pauseWorkflowExecution({ namespace, workflowId, identity: 'ops@shop', reason, requestId: 'pause' })
    const told = { code: 'server-unavailable', message: expect.stringContaining("an operator has paused the agent's workflow in Temporal") as string }
    const since = Date.now()
    await expect(client.state(agentId)).rejects.toMatchObject(told)
    await expect(client.send(agentId, 'two', { eventId: 'two' })).rejects.toMatchObject(told)
    await expect(client.cancel(agentId)).rejects.toMatchObject(told)
    expect(Date.now() - since).toBeLessThan(20_000)
    await client.signal(agentId, 'three', { eventId: 'three' })
    await workflowService.unpauseWorkflowExecution({ namespace, workflowId, identity: 'ops@shop', reason: 'done', requestId: 'unpause' })
    for (const eventId of ['two', 'three']) expect(await client.outcome(agentId, eventId, { until: 'end' })).toMatchObject({ end: 'completed' })
    expect((await client.messages(agentId)).flatMap(({ eventId }) => eventId ?? [])).toEqual(['one', 'two', 'three'])
  })

  test('and that loads documents: who waits for them is told at once, and no more is asked of it; unpaused, it loads them [workflow:unfailing documents:load]', { timeout: 120_000 }, async () => {
    const { client, agentId, temporal: { workflow, workflowService, options: { namespace } } } = agents
    const workflowId = documentsWorkflowIdOf(agentId)
    const left = new AbortController()
    const loading = expect(client.loadDocuments(agentId, [{ name: 'a.txt', bytes: Buffer.from('A fact.') }], { signal: left.signal })).rejects.toThrow('abort')
    await embedding.opened
    left.abort()
    await loading
    await workflowService.pauseWorkflowExecution({ namespace, workflowId, identity: 'ops@shop', reason, requestId: 'pause' })
    await expect(client.loadDocuments(agentId, [{ name: 'b.txt', bytes: Buffer.from('Another fact.') }])).rejects.toMatchObject({ code: 'server-unavailable', message: expect.stringContaining('an operator has paused the workflow') as string })
    const { events = [] } = await workflow.getHandle(workflowId).fetchHistory()
    expect(events?.filter(({ workflowExecutionSignaledEventAttributes: signalled }) => signalled != null).length).toBeLessThan(5)
    await workflowService.unpauseWorkflowExecution({ namespace, workflowId, identity: 'ops@shop', reason: 'done', requestId: 'unpause' })
    embedded.open()
    await expect.poll(async () => (await client.documents(agentId)).documents.map(({ status }) => status)).toEqual(['loaded', 'loaded'])
  })
})
