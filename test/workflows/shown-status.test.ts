import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ModelError } from '../../src/model/model-error.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { statusAttribute } from '../../src/protocol/search-attributes.ts'
import { call, fail, hang, say, scriptedModel, type ScriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { shownStatuses } from '../support/shown-statuses.ts'

let agents: Agents
afterEach(() => agents.close())

const patience = { timeout: 30_000, interval: 50 }
const busy = fail(new ModelError('rate-limited', 'come back later', { status: 429, retryAfterMs: 3_600_000 }))

const pay = defineTool({
  name: 'pay',
  description: 'pays',
  schema: z.object({}),
  policy: { placement: 'activity', approval: true, idempotent: true },
  run: () => Promise.resolve('paid'),
})

async function withSteps(steps: readonly ScriptedStep[]): Promise<ScriptedModel> {
  const model = scriptedModel(steps)
  agents = await startAgents({ model, tools: [pay] })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'pay'] })
  return model
}

const shown = () => shownStatuses(agents.temporal, agents.agentId)
/** As the server has it, not its index. */
const present = async () => (await agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId)).describe()).typedSearchAttributes.get(statusAttribute)

/** Lets the agent try again, as its own time would, until it has parked once more. */
async function tryInVain(): Promise<void> {
  const { client, agentId } = agents
  const since = (await client.state(agentId)).parked?.since ?? 0
  await client.resume(agentId)
  await expect.poll(async () => (await client.state(agentId)).parked?.since ?? 0, patience).toBeGreaterThan(since)
}

describe('what operators see of an agent', () => {
  test('is "parked" from its first failure until a step has succeeded, whatever it tries between, with two events in all [ui:legible turn:park-resume]', async () => {
    await withSteps([busy, busy, busy, busy, say('Here I am.')])
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Hello', { eventId: 'e1' })).toMatchObject({ end: 'parked', reason: 'model-error' })
    for (let tries = 0; tries < 3; tries += 1) await tryInVain()
    expect(await shown()).toEqual(['live', 'parked'])
    await client.resume(agentId)
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed' })
    expect(await shown()).toEqual(['live', 'parked', 'live'])
  })

  test('is "parked" while it tries again, and in the run that it continues as [ui:legible pressure:continue-as-new]', async () => {
    const model = await withSteps([busy, hang(), say('Here I am.')])
    const { client, agentId } = agents
    await client.send(agentId, 'Hello', { eventId: 'e1' })
    await client.command(agentId, { type: 'renew' })
    await expect.poll(async () => (await client.state(agentId)).counters.continuedAsNew, patience).toBe(1)
    expect(await present()).toBe('parked')
    await client.resume(agentId)
    await expect.poll(() => model.requests.length, patience).toBe(2)
    expect(await present()).toBe('parked')
    await client.cancel(agentId)
    await expect.poll(present, patience).toBe('live')
    expect(await shown()).toEqual(['live', 'parked', 'live'])
  })

  test('is "live" again where a parked turn was cancelled and nothing is left to try [ui:legible turn:cancel]', async () => {
    await withSteps([busy])
    const { client, agentId } = agents
    await client.send(agentId, 'Hello')
    await client.cancel(agentId)
    await expect.poll(present, patience).toBe('live')
    expect(await shown()).toEqual(['live', 'parked', 'live'])
  })

  test('is "parked" while a call waits for a person, and "live" from the answer on [ui:legible turn:approval]', async () => {
    await withSteps([call('pay', {}, { heartbeat: true }), say('Done.')])
    const { client, agentId } = agents
    const { waiting } = await client.send(agentId, 'Pay', { eventId: 'e1' })
    expect(await shown()).toEqual(['live', 'parked'])
    await client.approve(agentId, waiting?.[0]?.op ?? '')
    await client.outcome(agentId, 'e1', { until: 'end' })
    expect(await shown()).toEqual(['live', 'parked', 'live'])
  })

  test.each([false, true])('is "ended" of a closed workflow that was parked: archived, or erased (%s) [ui:legible]', async (erase) => {
    await withSteps([busy])
    const { client, agentId } = agents
    await client.send(agentId, 'Hello')
    expect(await client.command(agentId, { type: 'archive', erase })).toMatchObject({ status: 'done' })
    await expect.poll(present, patience).toBe('ended')
    expect(await shown()).toEqual(['live', 'parked', 'ended'])
    const matching = async (query: string): Promise<number> => (await agents.temporal.workflow.count(`WorkflowId = '${workflowIdOf(agentId)}' AND ${query}`)).count
    await expect.poll(() => matching("PerdureStatus = 'ended'"), patience).toBe(1)
    expect(await matching("PerdureStatus = 'parked'")).toBe(0)
  })

  test('is still "parked" of a workflow that was terminated; `ExecutionStatus` leaves it out [ui:legible]', async () => {
    await withSteps([busy])
    const { client, agentId, temporal } = agents
    await client.send(agentId, 'Hello')
    const matching = async (query: string): Promise<number> => (await temporal.workflow.count(`WorkflowId = '${workflowIdOf(agentId)}' AND ${query}`)).count
    const running = "PerdureStatus = 'parked' AND ExecutionStatus = 'Running'"
    await expect.poll(() => matching(running), patience).toBe(1)
    await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate()
    await expect.poll(() => matching(running), patience).toBe(0)
    expect(await matching("PerdureStatus = 'parked'")).toBe(1)
  })
})
