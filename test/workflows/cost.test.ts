import { afterEach, describe, expect, test } from 'vitest'
import type { AgentInput } from '../../src/definition/define-agent.ts'
import { costLines } from '../../src/cli/commands/cost.ts'
import { stateLines } from '../../src/cli/slash/state.ts'
import type { Prices } from '../../src/model/prices.ts'
import { handlerNames } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, say, scriptedModel, think, type ScriptedModel, type ScriptedStep } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

const prices: Prices = { scripted: { input: 2, cached: 0.5, output: 8 } }
/** 1,000 prompt tokens, 400 of them cached, and 50 written, at these prices. */
const usage = () => ({ promptTokens: 1_000, cachedTokens: 400, completionTokens: 50 })
const stepCost = 600 * 2 + 400 * 0.5 + 50 * 8

const search = (query: string) => call('archival_memory_search', { query }, { heartbeat: true })

interface Setting {
  readonly steps: readonly ScriptedStep[]
  readonly agent?: Partial<AgentInput>
  readonly prices?: Prices
  readonly modelOptions?: Parameters<typeof scriptedModel>[1]
}

async function withSteps({ steps, agent, modelOptions, ...given }: Setting): Promise<ScriptedModel> {
  const model = scriptedModel(steps, { usage, ...modelOptions })
  agents = await startAgents({ model, prices, ...given })
  await agents.client.create({ id: agents.agentId, model: 'scripted', ...agent })
  return model
}

describe('cost', () => {
  test('is kept with the step, added up in the turn and the agent, and reported from the stores alone [cost]', async () => {
    await withSteps({ steps: [search('boats'), say('None.'), say('Bye.')] })
    const { client, agentId } = agents
    const first = await client.send(agentId, 'Any boats?')
    await client.send(agentId, 'Bye')
    expect(first.figures).toMatchObject({ steps: 2, promptTokens: 2_000, cachedTokens: 800, completionTokens: 100, costMicros: 2 * stepCost })
    const steps = (await client.messages(agentId)).filter(({ role }) => role === 'assistant')
    expect(steps.map((step) => step.usage?.costMicros)).toEqual([stepCost, stepCost, stepCost])
    const state = await client.state(agentId)
    expect(state.counters).toMatchObject({ costMicros: 3 * stepCost })
    expect(state.counters).not.toHaveProperty('unpriced')
    expect(stateLines(state).join('\n')).toContain('cost       $0.0054')

    const report = await client.cost(agentId)
    expect(report.total).toMatchObject({ steps: 3, summaries: 0, promptTokens: 3_000, cachedTokens: 1_200, completionTokens: 150, costMicros: 3 * stepCost })
    expect(report.turns).toMatchObject([{ turn: 1, end: 'completed', steps: 2, costMicros: 2 * stepCost }, { turn: 2, end: 'completed', steps: 1 }])
    expect(report.total.latencyMs).toBe(steps.reduce((sum, { latencyMs = 0 }) => sum + latencyMs, 0))
    expect(report.models).toMatchObject([{ model: 'scripted', steps: 3 }])
    expect((await client.cost(agentId, { turns: 1 })).turns.map(({ turn }) => turn)).toEqual([2])
    expect(costLines(report).at(-1)).toMatch(/^all .*scripted +3 +3,000 +1,200 +150 +\d+\.\d s +\$0\.0054$/)
  })

  test('of a model without a known price is unknown, not nothing, and the sums say so [cost]', async () => {
    await withSteps({ steps: [say('Hello.')], prices: { other: { input: 1, cached: 1, output: 1 } } })
    const { client, agentId } = agents
    const { figures } = await client.send(agentId, 'Hi')
    expect(figures).toMatchObject({ unpriced: 1, promptTokens: 1_000 })
    expect(figures).not.toHaveProperty('costMicros')
    expect(costLines(await client.cost(agentId)).join('\n')).toMatch(/unknown\n\nThe price of 1 of 1 inferences is not known; PERDURE_PRICES/)
  })

  test('of a summary counts too [cost pressure:flush]', async () => {
    const long = 'the tide comes and goes and the boats lie in the harbour. '.repeat(40)
    await withSteps({
      steps: [],
      agent: { contextWindow: 4_000 },
      modelOptions: { usage: ({ tools }) => (tools.length === 0 ? usage() : undefined), withoutTools: think('Boats and tides.'), afterwards: say('I see.') },
    })
    const { client, agentId } = agents
    for (let index = 0; index < 20 && (await client.state(agentId)).counters.compactions === 0; index += 1) await client.send(agentId, long)
    const { counters } = await client.state(agentId)
    const { summaries, total } = await client.cost(agentId)
    expect(summaries).toMatchObject({ summaries: counters.compactions, promptTokens: 1_000 * counters.compactions, costMicros: stepCost * counters.compactions })
    expect(summaries.summaries).toBeGreaterThan(0)
    expect(counters).toMatchObject({ promptTokens: total.promptTokens, completionTokens: total.completionTokens, costMicros: total.costMicros })
  })
})

describe('a budget of a turn in dollars', () => {
  test('ends it as stopped, one step after it was reached at the latest [cost turn:named-end]', async () => {
    const model = await withSteps({ steps: [search('a'), search('b'), search('c'), say('Never.')], agent: { budget: { dollars: (2 * stepCost) / 1e6 } } })
    const result = await agents.client.send(agents.agentId, 'Search')
    expect(result).toMatchObject({ end: 'stopped', reason: 'cost-budget', figures: { steps: 2, costMicros: 2 * stepCost } })
    expect(result.detail).toContain('the turn has cost $0.0036, the budget is $0.0036')
    expect(model.requests).toHaveLength(2)
  })

  test('does not ask a model whose price is not known: the agent parks, and goes on without the budget [cost turn:park-resume]', async () => {
    const model = await withSteps({ steps: [say('Hello.')], prices: {}, agent: { budget: { dollars: 1 } } })
    const { client, agentId } = agents
    const parked = await client.send(agentId, 'Hi', { eventId: 'hi' })
    expect(parked).toMatchObject({ end: 'parked', reason: 'price-unknown' })
    expect(parked.detail).toContain('PERDURE_PRICES=scripted=input/cached/output')
    expect(model.requests).toHaveLength(0)
    expect((await client.state(agentId)).parked).not.toHaveProperty('retryAt')
    expect(await client.setBudget(agentId, { turn: { dollars: null } })).toMatchObject({ resumed: true })
    expect(await client.outcome(agentId, 'hi', { until: 'end' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
  })
})

describe('a budget of an agent\'s life', () => {
  const twoSteps = { agentBudget: { dollars: (2 * stepCost) / 1e6 } }

  test('parks the agent in the middle of its turn; raised, it goes on where it was [cost turn:park-resume]', async () => {
    const model = await withSteps({ steps: [search('a'), search('b'), say('Found.'), say('Next.')], agent: twoSteps })
    const { client, agentId } = agents
    const parked = await client.send(agentId, 'Search', { eventId: 'search' })
    expect(parked).toMatchObject({ end: 'parked', reason: 'agent-budget' })
    expect(parked.detail).toContain('the agent has cost $0.0036 in its life, its budget is $0.0036')
    expect(model.requests).toHaveLength(2)
    await client.post(agentId, 'And then?', { eventId: 'next' })
    expect(await client.setBudget(agentId, { agent: { tokens: 1_000_000 } })).toMatchObject({ resumed: false })
    expect(await client.setBudget(agentId, { agent: { dollars: 1 } })).toMatchObject({ resumed: true, agentBudget: { costMicros: 1_000_000 } })
    expect(await client.outcome(agentId, 'search', { until: 'end' })).toMatchObject({ turn: 1, end: 'completed', replyTexts: ['Found.'] })
    expect(await client.outcome(agentId, 'next', { until: 'end' })).toMatchObject({ turn: 2, end: 'completed', replyTexts: ['Next.'] })
    model.assertDone()
  })

  test('can be given up with the message that it holds [cost turn:cancel]', async () => {
    const model = await withSteps({ steps: [say('One.'), say('Two.')], agent: twoSteps })
    const { client, agentId } = agents
    for (const text of ['1', '2']) await client.send(agentId, text)
    expect(await client.send(agentId, '3', { eventId: 'third' })).toMatchObject({ end: 'parked', reason: 'agent-budget' })
    expect(await client.cancel(agentId)).toBe(true)
    expect(await client.outcome(agentId, 'third', { until: 'end' })).toMatchObject({ end: 'cancelled', figures: { steps: 0 } })
    model.assertDone()
  })

  test('outlives the workflow: one that is started anew knows what was spent, and to what it was raised [cost]', async () => {
    const model = await withSteps({ steps: [say('One.'), say('Two.'), say('Three.')], agent: { agentBudget: { dollars: stepCost / 1e6 } } })
    const { client, temporal, agentId } = agents
    await client.send(agentId, '1')
    await client.setBudget(agentId, { agent: twoSteps.agentBudget })
    await temporal.workflow.getHandle(workflowIdOf(agentId)).terminate('to see what is left')
    await client.send(agentId, '2')
    expect((await client.state(agentId)).counters).toMatchObject({ costMicros: 2 * stepCost })
    expect(await client.send(agentId, '3')).toMatchObject({ end: 'parked', reason: 'agent-budget' })
    expect(model.requests).toHaveLength(2)
  })

  test('is not changed by a request that is malformed, or that comes past the definition [cost event:user-update]', async () => {
    await withSteps({ steps: [], agent: twoSteps })
    const handle = agents.temporal.workflow.getHandle(workflowIdOf(agents.agentId))
    const asked = handle.executeUpdate(handlerNames.budget, { args: [{ agent: { costMicros: 5 } }] })
    await expect(asked).rejects.toMatchObject({ cause: { type: 'invalid-argument', message: expect.stringContaining('budgets are part of the definition') as string } })
    await expect(agents.client.setBudget(agents.agentId, { agent: { dollars: -1 } })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(/agent(?:Budget)?\.dollars/) as string })
    await expect(agents.client.setBudget(agents.agentId, {})).rejects.toMatchObject({ code: 'invalid-argument' })
    expect((await agents.client.state(agents.agentId)).agentBudget).toEqual({ costMicros: 2 * stepCost })
  })
})
