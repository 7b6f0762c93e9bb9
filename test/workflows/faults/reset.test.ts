import { setTimeout as sleep } from 'node:timers/promises'
import { temporal as proto } from '@temporalio/proto'
import { Worker } from '@temporalio/worker'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { handlerNames } from '../../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../../src/protocol/ids.ts'
import { call, fail, hang, ModelError, say, scriptedModel, type ScriptedModel } from '../../../src/testing.ts'
import { defineTool } from '../../../src/tools/tool.ts'
import { startAgents, type Agents } from '../../support/agents.ts'
import { storesWith } from '../../support/stores-with.ts'
import { echoingModel, holdingModel, holdingModelAt, talk, textsOf } from './talk.ts'

const ExcludeType = proto.api.enums.v1.ResetReapplyExcludeType

let agents: Agents
afterEach(() => agents.close())

const { workflow, posted, signalled, outcomes, conversation } = talk(() => agents)

async function startWith(model: ScriptedModel): Promise<void> {
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
}

test('an archived agent whose workflow is reset does not live on: that looks into the stores [recover:from-stores]', async () => {
  await startWith(scriptedModel([], { afterwards: say('Hello.') }))
  await posted('one')
  await outcomes('one')
  const task = ((await workflow().fetchHistory()).events ?? []).findLast(({ workflowTaskCompletedEventAttributes: completed }) => completed != null)?.eventId
  await agents.client.command(agents.agentId, { type: 'archive', erase: false })
  await agents.temporal.workflowService.resetWorkflowExecution({
    namespace: agents.temporal.options.namespace,
    workflowExecution: { workflowId: workflowIdOf(agents.agentId) },
    reason: 'a test',
    requestId: 'reset-archived',
    workflowTaskFinishEventId: task ?? null,
    resetReapplyExcludeTypes: [ExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE],
  })
  await expect.poll(async () => (await workflow().describe()).status.name, { timeout: 20_000 }).toBe('COMPLETED')
})

describe('an agent whose workflow is reset', () => {
  /** Those of a workflow that waits: whoever reads a turn's record may read it before the task is completed that stored it. */
  const completedTasks = async () => {
    await expect.poll(async () => (await workflow().describe()).raw.pendingWorkflowTask ?? null, { timeout: 20_000 }).toBeNull()
    return ((await workflow().fetchHistory()).events ?? []).flatMap(({ eventId, workflowTaskCompletedEventAttributes: completed }) => (completed == null ? [] : [eventId]))
  }
  /** @param task that was completed; the reset is to the moment before it */
  const reset = async (reapply: boolean, task: Awaited<ReturnType<typeof completedTasks>>[number] | undefined): Promise<void> => {
    const { workflowService: service, options } = agents.temporal
    await service.resetWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId: workflowIdOf(agents.agentId) },
      reason: 'a test',
      requestId: `reset-${reapply}-${Date.now()}`,
      workflowTaskFinishEventId: task ?? null,
      ...(!reapply && { resetReapplyExcludeTypes: [ExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL, ExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE] }),
    })
  }

  /** The one by an update, the next by a signal. */
  const inTwoWays = async (...ids: readonly string[]): Promise<void> => {
    for (const [index, id] of ids.entries()) await (index % 2 === 0 ? posted(id) : signalled(id))
  }
  const replay = async () => {
    await Worker.runReplayHistory({ workflowBundle: { code: inject('workflowCode') } }, await workflow().fetchHistory(), workflowIdOf(agents.agentId))
  }
  const changesNoted = async () =>
    ((await workflow().fetchHistory()).events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) =>
      Object.values(marker?.details ?? {}).flatMap(({ payloads }) => (payloads ?? []).map(({ data }) => Buffer.from(data ?? []).toString())),
    ).join()

  test.each([[true], [false]])('loses nothing and repeats nothing (what came after taken over: %s) [recover:from-stores]', async (reapply) => {
    await startWith(echoingModel())
    for (const id of ['one', 'two', 'three', 'four']) await agents.client.send(agents.agentId, id, { eventId: id })
    const tasks = await completedTasks()
    await reset(reapply, tasks[Math.floor(tasks.length / 2)])
    await agents.client.send(agents.agentId, 'five', { eventId: 'five' })
    await agents.client.send(agents.agentId, 'six', { eventId: 'six' })
    expect(await conversation()).toEqual(textsOf(['one', 'two', 'three', 'four', 'five', 'six']))
    expect((await agents.client.outcome(agents.agentId, 'six')).turn).toBe(6)
    expect((await agents.client.state(agents.agentId)).counters).toMatchObject({ turns: 6, messages: 18 })
  })

  test('to the moment before a cancel keeps to what the stores know of the cancelled step [recover:from-stores turn:cancel]', async () => {
    await startWith(echoingModel([hang()]))
    await posted('first')
    await expect.poll(async () => (await agents.client.state(agents.agentId)).running?.doing, { timeout: 20_000 }).toBe('thinking')
    await posted('second')
    const task = (await completedTasks()).at(-1)
    await agents.client.cancel(agents.agentId)
    await outcomes('second')
    await reset(false, task)
    await posted('third')
    const ends = await outcomes('first', 'second', 'third')
    expect(ends.map(({ end }) => end)).toEqual(['cancelled', 'completed', 'completed'])
    expect(await conversation()).toEqual([['first', []], ...textsOf(['second', 'third'])])
  }, 60_000)

  test('in the middle of a turn, and cancelled there, names all that the turn has sent [recover:from-stores turn:cancel]', async () => {
    const note = call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true })
    const model = scriptedModel([note, say('one', { heartbeat: true }), hang()])
    await startWith(model)
    await posted('first')
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(3)
    // The one that had the end of the first inference.
    const task = (await completedTasks()).at(-2)
    await agents.withoutWorker(async () => {
      await reset(false, task)
      await workflow().cancel()
    })
    expect(await outcomes('first')).toMatchObject([{ end: 'cancelled', replyTexts: ['one'] }])
  }, 90_000)

  test('into a turn that has ended, and cancelled there, leaves the turn alone that runs by the stores [recover:from-stores turn:cancel]', async () => {
    const note = call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true })
    const model = echoingModel([note, say('got first'), hang()])
    await startWith(model)
    await agents.client.send(agents.agentId, 'first', { eventId: 'first' })
    // The one that had the end of the first inference.
    const task = (await completedTasks()).at(-2)
    await posted('second')
    await expect.poll(() => model.requests.length, { timeout: 20_000 }).toBe(3)
    await agents.withoutWorker(async () => {
      await reset(false, task)
      await workflow().cancel()
    })
    expect(await outcomes('first', 'second')).toMatchObject([{ end: 'completed' }, { end: 'completed', replyTexts: ['got second'] }])
  }, 90_000)

  test.each([
    ['the first', 0],
    ['the latest', -1],
  ])('to %s task has those that it forgot in the order in which they were sent first, though they are sent again in another [recover:from-stores mailbox:fifo]', async (_, index) => {
    await startWith(echoingModel())
    await agents.client.send(agents.agentId, 'first', { eventId: 'first' })
    const task = (await completedTasks()).at(index)
    await agents.withoutWorker(async () => {
      await signalled('second', 'third', 'fourth')
      await reset(false, task)
      await signalled('fourth', 'third', 'second', 'fifth')
    })
    await outcomes('second', 'third', 'fourth', 'fifth')
    expect(await conversation()).toEqual(textsOf(['first', 'second', 'third', 'fourth', 'fifth']))
  }, 90_000)

  test.each([
    ['the first', 0, 0],
    ["a later run's first", 1, 0],
    ['the latest', 0, -1],
    ["a later run's latest", 1, -1],
  ])('to %s task has what is taken over in the order in which it was accepted, though with a first task signals come before updates [recover:from-stores mailbox:fifo]', async (_, renewals, index) => {
    const { model, holds, open } = holdingModel()
    await startWith(model)
    if (renewals > 0) {
      await agents.client.send(agents.agentId, 'zero', { eventId: 'zero' })
      await agents.client.command(agents.agentId, { type: 'renew' })
    }
    await posted('hold')
    await holds
    const task = (await completedTasks()).at(index)
    await inTwoWays('second', 'third', 'fourth', 'fifth')
    await reset(true, task)
    open()
    const ids = ['hold', 'second', 'third', 'fourth', 'fifth']
    await outcomes(...ids)
    expect(await conversation()).toEqual(textsOf([...(renewals > 0 ? ['zero'] : []), ...ids]))
    await replay()
  }, 90_000)

  test.each([
    {
      where: 'its turn waited for an approval',
      steps: [call('pay', {}, { heartbeat: true })],
      goOn: async ({ client, agentId }: Agents) => {
        const [waiting] = await client.waiting(agentId)
        await client.approve(agentId, waiting?.op ?? '')
      },
    },
    {
      where: 'it was parked until a person acts',
      steps: [fail(new ModelError('refused', 'the key was refused'))],
      goOn: async ({ client, agentId }: Agents) => {
        await client.resume(agentId)
      },
    },
  ])('to where $where, which has happened, waits no more, and the next message has its turn [recover:from-stores turn:approval turn:park-resume]', { timeout: 60_000 }, async ({ steps, goOn }) => {
    let paid = 0
    const pay = defineTool({ name: 'pay', description: 'pays', schema: z.object({}), policy: { placement: 'activity', idempotent: false, approval: true }, run: () => Promise.resolve(`paid ${(paid += 1)}`) })
    const model = scriptedModel(steps, { afterwards: say('Done.') })
    agents = await startAgents({ model, tools: [pay] })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'pay'] })
    expect(await client.send(agentId, 'one', { eventId: 'one' })).toMatchObject({ end: 'parked' })
    const tasks = await completedTasks()
    await goOn(agents)
    await outcomes('one')
    const asked = model.requests.length
    await reset(false, tasks.at(-1))
    await expect.poll(async () => (await client.state(agentId)).status, { timeout: 20_000 }).toBe('idle')
    expect(await client.waiting(agentId)).toEqual([])
    expect(await client.send(agentId, 'two', { eventId: 'two' })).toMatchObject({ turn: 2, end: 'completed' })
    expect(await conversation()).toEqual([['one', ['Done.']], ['two', ['Done.']]])
    expect(model.requests.length - asked).toBe(1)
    expect(paid).toBeLessThanOrEqual(1)
    await replay()
  })

  test.each([
    { where: 'for an approval', steps: [call('pay', {}, { heartbeat: true })] },
    { where: 'for a person, parked before the model had answered', steps: [fail(new ModelError('refused', 'the key was refused'))] },
  ])('to where its turn waited $where, and was cancelled since, waits no more [recover:from-stores turn:approval turn:cancel]', { timeout: 60_000 }, async ({ steps }) => {
    const pay = defineTool({ name: 'pay', description: 'pays', schema: z.object({}), policy: { placement: 'activity', idempotent: false, approval: true }, run: () => Promise.resolve('paid') })
    agents = await startAgents({ model: scriptedModel(steps, { afterwards: say('Done.') }), tools: [pay] })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'pay'] })
    expect(await client.send(agentId, 'one', { eventId: 'one' })).toMatchObject({ end: 'parked' })
    const tasks = await completedTasks()
    await client.cancel(agentId)
    expect(await outcomes('one')).toMatchObject([{ end: 'cancelled' }])
    await reset(false, tasks.at(-1))
    await expect.poll(async () => (await client.state(agentId)).status, { timeout: 20_000 }).toBe('idle')
    expect(await client.waiting(agentId)).toEqual([])
    expect(await client.send(agentId, 'two', { eventId: 'two' })).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['Done.'] })
    expect(await outcomes('one')).toMatchObject([{ end: 'cancelled' }])
    await replay()
  })

  test('to where two calls waited of which one was approved since waits for the other alone [recover:from-stores turn:approval]', { timeout: 60_000 }, async () => {
    const paid: string[] = []
    const pay = defineTool({ name: 'pay', description: 'pays', schema: z.object({ to: z.string() }), policy: { placement: 'activity', idempotent: false, approval: true }, run: ({ to }) => Promise.resolve(`paid ${paid.push(to)}`) })
    const both = ['Ada', 'Bert'].map((to) => call('pay', { to }, { heartbeat: true }))
    agents = await startAgents({ model: scriptedModel([both], { afterwards: say('Done.') }), tools: [pay] })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'pay'] })
    await client.send(agentId, 'one', { eventId: 'one' })
    const [first, second] = await client.waiting(agentId)
    const tasks = await completedTasks()
    await client.approve(agentId, first?.op ?? '')
    await expect.poll(async () => (await client.waiting(agentId)).map(({ op }) => op)).toEqual([second?.op])
    await reset(false, tasks.at(-1))
    await expect.poll(async () => (await client.waiting(agentId)).map(({ op }) => op), { timeout: 20_000 }).toEqual([second?.op])
    await client.approve(agentId, second?.op ?? '')
    expect(await outcomes('one')).toMatchObject([{ end: 'completed' }])
    // Calls that were approved run beside each other.
    expect(paid.toSorted()).toEqual(['Ada', 'Bert'])
    await replay()
  })

  test('keeps timers of which the stores never had a copy, as those of an agent of an earlier version [recover:from-stores event:timers]', { timeout: 60_000 }, async () => {
    const stores = await storesWith(({ timers }) => ({ timers: { ...timers, put: () => Promise.resolve() } }))
    agents = await startAgents({ model: echoingModel(), stores })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.schedule(agentId, { id: 'stays', text: 'stays', afterMs: 3_600_000 })
    await client.send(agentId, 'one', { eventId: 'one' })
    await reset(false, (await completedTasks()).at(-1))
    await client.send(agentId, 'two', { eventId: 'two' })
    expect((await client.timers(agentId)).map(({ id }) => id)).toEqual(['stays'])
    await replay()
  })

  test('to where a timer waited that was taken away since has it no more [recover:from-stores event:timers]', { timeout: 60_000 }, async () => {
    await startWith(echoingModel())
    const { client, agentId } = agents
    await client.send(agentId, 'one', { eventId: 'one' })
    await client.schedule(agentId, { id: 'stays', text: 'stays', afterMs: 3_600_000 })
    await client.schedule(agentId, { id: 'goes', text: 'goes', afterMs: 8_000 })
    await client.send(agentId, 'two', { eventId: 'two' })
    const tasks = await completedTasks()
    await client.unschedule(agentId, 'goes')
    await reset(false, tasks.at(-1))
    await expect.poll(async () => (await client.timers(agentId)).map(({ id }) => id), { timeout: 5_000 }).toEqual(['stays'])
    await sleep(9_000)
    expect(await conversation()).toEqual(textsOf(['one', 'two']))
    await replay()
  })

  test('twice has what is taken over in the order in which it was accepted each time [recover:from-stores mailbox:fifo]', async () => {
    const { model, holds, open } = holdingModelAt('hold-1', 'hold-2')
    await startWith(model)
    for (const [hold, ...ids] of [['hold-1', 'a', 'b', 'c', 'd'], ['hold-2', 'e', 'f', 'g', 'h']] as const) {
      await posted(hold)
      await holds(hold)
      const task = (await completedTasks()).at(-1)
      await inTwoWays(...ids)
      await reset(true, task)
      open(hold)
      await outcomes(hold, ...ids)
    }
    expect(await conversation()).toEqual(textsOf(['hold-1', 'a', 'b', 'c', 'd', 'hold-2', 'e', 'f', 'g', 'h']))
    await replay()
  }, 90_000)

  test('and continues as new before its next turn has what is taken over in the order in which it was accepted [recover:from-stores mailbox:fifo]', async () => {
    const { model, holds, open } = holdingModel()
    await startWith(model)
    await agents.client.command(agents.agentId, { type: 'renew' })
    await posted('hold')
    await holds
    const task = (await completedTasks()).at(0)
    await inTwoWays('second', 'third', 'fourth', 'fifth')
    await workflow().signal(handlerNames.renewSignal)
    await reset(true, task)
    open()
    await outcomes('second', 'third', 'fourth', 'fifth')
    expect(await conversation()).toEqual(textsOf(['hold', 'second', 'third', 'fourth', 'fifth']))
    expect((await agents.client.state(agents.agentId)).counters.continuedAsNew).toBe(2)
  }, 90_000)

  test('and no other one notes in its history that it has looked [history:replay]', async () => {
    const { model, holds, open } = holdingModel()
    await startWith(model)
    // The worker has had another run before.
    await agents.client.command(agents.agentId, { type: 'renew' })
    await posted('hold')
    await holds
    const task = (await completedTasks()).at(-1)
    await posted('second')
    expect(await changesNoted()).not.toContain('order-after-reset')
    await reset(true, task)
    open()
    await outcomes('second')
    expect(await changesNoted()).toContain('order-after-reset')
  }, 90_000)

  test('has those that it forgot before those that were sent after them, though these come at once [recover:from-stores mailbox:fifo]', async () => {
    const { model, holds, open } = holdingModel()
    await startWith(model)
    await posted('hold')
    await holds
    await posted('second')
    // The one that took the second: the workflow goes on as if neither that nor the third had come.
    const task = (await completedTasks()).at(-1)
    await posted('third')
    await reset(false, task)
    await posted('fourth')
    open()
    await outcomes('hold', 'second', 'third', 'fourth')
    expect(await conversation()).toEqual(textsOf(['hold', 'second', 'third', 'fourth']))
  }, 90_000)
})
