import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { TypedSearchAttributes } from '@temporalio/common'
import { afterEach, expect, test } from 'vitest'
import { findAgents } from '../../src/client/find-agents.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { workflowType } from '../../src/protocol/handlers.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { parkedQuery, statusAttribute, type ShownStatus } from '../../src/protocol/search-attributes.ts'
import { prefixOf } from '../../src/protocol/tenant.ts'
import { scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
let running: readonly string[] = []
afterEach(async () => {
  await Promise.all(running.map((key) => agents.temporal.workflow.getHandle(workflowIdOf(key)).terminate()))
  await agents.close()
})

const atOnce = { indexed: 6, looked: 6 }
const limit = 5

/** So many agents of a tenant of their own, of which each of those numbers has a workflow that is shown as parked; those at the beginning are live. */
async function begin(count: number, isParked: (index: number) => boolean) {
  agents = await startAgents({ model: scriptedModel([]) })
  const { temporal, stores } = agents
  const tenant = `t-${randomUUID().slice(0, 8)}`
  const keys: string[] = []
  for (let index = 0; index < count; index += 1) {
    const definition = defineAgent({ id: `a-${String(index).padStart(3, '0')}` })
    keys.push((await stores.memory.agents.create({ definition, digest: 'd', createdAt: '2026-01-01T00:00:00.000Z', tenant })).key)
  }
  // No worker is theirs: what the index shows of them stays.
  const start = (key: string, value: ShownStatus) =>
    temporal.workflow.start(workflowType, { workflowId: workflowIdOf(key), taskQueue: `none-${tenant}`, args: [], typedSearchAttributes: new TypedSearchAttributes([{ key: statusAttribute, value }]) })
  const parked = keys.filter((_, index) => isParked(index))
  const live = keys.filter((_, index) => !isParked(index)).slice(0, 3)
  running = [...parked, ...live]
  await Promise.all([...parked.map((key) => start(key, 'parked')), ...live.map((key) => start(key, 'live'))])
  const shown = async () => (await temporal.workflow.count(`${parkedQuery} AND WorkflowId STARTS_WITH '${workflowIdOf(prefixOf(tenant))}'`)).count
  await expect.poll(shown, { timeout: 40_000 }).toBe(parked.length)
  return { tenant, parked }
}

/** The client, and how many workflows its index has given, in how many answers. */
function counted(temporal: Client) {
  const cost = { answers: 0, given: 0 }
  const { workflowService } = temporal
  const listWorkflowExecutions = async (request: Parameters<typeof workflowService.listWorkflowExecutions>[0]) => {
    const answer = await workflowService.listWorkflowExecutions(request)
    cost.answers += 1
    cost.given += answer.executions.length
    return answer
  }
  return { cost, temporal: { options: temporal.options, workflowService: { listWorkflowExecutions } } as unknown as Client }
}

/** All pages of those that are parked, and what each has cost. */
async function pagesOf(tenant: string) {
  const listed: string[] = []
  const costs: { readonly answers: number; readonly given: number }[] = []
  for (let after: string | undefined; ; ) {
    const { cost, temporal } = counted(agents.temporal)
    const page = await findAgents({ temporal, agents: agents.stores.memory.agents, tenant, atOnce }, { status: 'parked', limit, ...(after !== undefined && { after }) })
    listed.push(...page.map(({ key }) => key))
    costs.push(cost)
    if (page.length < limit) return { listed, costs }
    after = page.at(-1)?.key
  }
}

test('a page of many parked agents costs what a page of few does, and the pages have each of them once, in order [client:sdk]', async () => {
  const { tenant, parked } = await begin(40, (index) => index % 4 !== 0)
  const { listed, costs } = await pagesOf(tenant)
  expect(listed).toEqual(parked)
  for (const { answers, given } of costs) {
    expect(answers).toBeLessThanOrEqual(4)
    expect(given).toBeLessThanOrEqual(2 * atOnce.indexed + 2 * atOnce.looked)
    expect(given).toBeLessThan(parked.length)
  }
})

test('a few parked agents among many others are asked for once, and no other one is looked at [client:sdk]', async () => {
  const { tenant, parked } = await begin(40, (index) => index % 7 === 6)
  const { listed, costs } = await pagesOf(tenant)
  expect(listed).toEqual(parked)
  expect(costs).toEqual([{ answers: 1, given: parked.length }, { answers: 1, given: parked.length }])
})
