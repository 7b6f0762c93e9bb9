import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ModelError } from '../../src/model/model-error.ts'
import { call, fail, say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { postedUntilContinuedAsNew } from '../support/continued-as-new.ts'

let agents: Agents
afterEach(() => agents.close())

const faraway = defineTool({
  name: 'faraway',
  description: 'runs where nobody is',
  schema: z.object({}),
  policy: { placement: 'activity', idempotent: false, taskQueue: 'a queue without workers', startWithinMs: 1_000 },
  run: () => Promise.resolve('somebody is here'),
})

async function withModel(model: ScriptedModel): Promise<void> {
  agents = await startAgents({ model, tools: [faraway] })
  await agents.client.create({ id: agents.agentId, model: 'scripted', tools: ['send_message', 'faraway'] })
}

describe('nothing that a turn waits for is without a bound', () => {
  test('not a worker that can run a tool: the result says that none took the call, and the turn goes on [turn:named-end step:failed-tool-continues]', async () => {
    await withModel(scriptedModel([call('faraway', {}, { heartbeat: true }), say('Nobody is there.')]))
    expect(await agents.client.send(agents.agentId, 'Call them')).toMatchObject({ end: 'completed', replyTexts: ['Nobody is there.'] })
    const [result] = (await agents.client.messages(agents.agentId)).filter(({ toolName }) => toolName === 'faraway')
    expect(result).toMatchObject({ ok: false, text: expect.stringContaining('no worker that can run this tool took the call in time') as string })
  })

  test('not a provider that asks for an hour: the agent parks until then, at once [turn:named-end turn:park-resume model:retry]', async () => {
    const hour = 3_600_000
    const model = scriptedModel([fail(new ModelError('rate-limited', 'come back later', { status: 429, retryAfterMs: hour })), say('Here I am.')])
    await withModel(model)
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Hello', { eventId: 'e1' })).toMatchObject({ end: 'parked', reason: 'model-error' })
    const { parked } = await client.state(agentId)
    expect((parked?.retryAt ?? 0) - (parked?.since ?? 0)).toBe(hour)
    expect(model.requests).toHaveLength(1)
    expect(await client.resume(agentId)).toBe(true)
    expect(await client.outcome(agentId, 'e1', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Here I am.'] })
  })

  test('not the history of an agent that stands still while messages come: it continues as new [turn:park-resume pressure:continue-as-new mailbox:fifo]', async () => {
    const model = scriptedModel([fail(new ModelError('refused', 'wrong key'))], { afterwards: say('Yes.') })
    await withModel(model)
    const { client, agentId } = agents
    expect(await client.send(agentId, 'Hello', { eventId: 'e1' })).toMatchObject({ end: 'parked', reason: 'model-refused' })
    const ids = await postedUntilContinuedAsNew(client, agentId, { least: 70 })
    const { status, counters, mailbox } = await client.state(agentId)
    expect({ status, waiting: mailbox.length }).toEqual({ status: 'parked', waiting: ids.length })
    expect(counters.continuedAsNew).toBeGreaterThan(0)
    await client.resume(agentId)
    expect(await client.outcome(agentId, ids.at(-1) ?? '', { until: 'end' })).toMatchObject({ end: 'completed' })
    expect((await client.messages(agentId)).flatMap(({ eventId }) => eventId ?? [])).toEqual(['e1', ...ids])
  })
})
