import { afterEach, expect, test } from 'vitest'
import { goesOnFrom, presentRun } from '../../src/client/indexed-runs.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { say, scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

test('a run goes on from one before it by continue-as-new, and not from one that was reset or terminated [recover:from-stores]', async () => {
  agents = await startAgents({ model: scriptedModel([], { afterwards: say('Hello.') }) })
  const { agentId, client, temporal } = agents
  await client.create({ id: agentId, model: 'scripted' })
  await client.send(agentId, 'one')
  const present = async () => (await presentRun(temporal, agentId))?.runId ?? ''
  const renewed = async () => {
    const before = await present()
    await client.command(agentId, { type: 'renew' })
    await expect.poll(present, { timeout: 20_000 }).not.toBe(before)
    return present()
  }
  const first = await present()
  const second = await renewed()
  const third = await renewed()
  expect(await goesOnFrom(temporal, agentId, { from: second, to: third })).toBe(true)
  expect(await goesOnFrom(temporal, agentId, { from: first, to: third })).toBe(true)
  expect(await goesOnFrom(temporal, agentId, { from: third, to: first })).toBe(false)

  const workflow = temporal.workflow.getHandle(workflowIdOf(agentId))
  const completed = async () => ((await workflow.fetchHistory()).events ?? []).find(({ workflowTaskCompletedEventAttributes: attributes }) => attributes != null)?.eventId
  await expect.poll(completed, { timeout: 20_000 }).toBeDefined()
  await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId: workflowIdOf(agentId) },
    reason: 'a test',
    requestId: 'reset',
    workflowTaskFinishEventId: (await completed()) ?? null,
  })
  const reset = await present()
  // It has the same first event as the run that was reset, which went on from the second.
  expect(await goesOnFrom(temporal, agentId, { from: second, to: reset })).toBe(false)

  await workflow.terminate()
  await client.send(agentId, 'two')
  expect(await goesOnFrom(temporal, agentId, { from: reset, to: await present() })).toBe(false)
}, 60_000)

test('agents that leave their worker\'s cache between any two messages go on, also in the run after their first [history:replay]', async () => {
  agents = await startAgents({ model: scriptedModel([], { afterwards: say('Hello.') }), cachedAgents: 1 })
  const { agentId, client, temporal } = agents
  const ids = [1, 2, 3].map((index) => `${agentId}-${index}`)
  for (const id of ids) await client.create({ id, model: 'scripted' })
  const first = await presentRun(temporal, ids[0] ?? '')
  const turns = 14
  for (let turn = 1; turn <= turns; turn += 1) {
    for (const id of ids) expect(await client.send(id, 'Are you awake?')).toMatchObject({ turn, replyTexts: ['Hello.'] })
  }
  expect(await presentRun(temporal, ids[0] ?? '')).not.toEqual(first)
})
