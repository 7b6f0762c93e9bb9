import type { Client } from '@temporalio/client'
import { workflowIdOf } from '../protocol/ids.ts'
import { prefixOf, type Tenant } from '../protocol/tenant.ts'
import { parkedQuery } from '../protocol/search-attributes.ts'
import type { StoredAgent } from '../stores/stores.ts'
import { indexedRuns, presentRun } from './indexed-runs.ts'

/**
 * `live`: its workflow runs. `parked`: it runs, and no step has succeeded since it was parked. `asleep`: without a workflow, it wakes at its
 * next message. `archived`.
 */
export const agentStatuses = ['live', 'parked', 'asleep', 'archived'] as const
export type AgentStatus = (typeof agentStatuses)[number]

/**
 * The status of each. That an agent is archived the stores say. The rest says Temporal's index of workflows, which is a little behind: what
 * has changed within the last seconds may be told as it was before.
 */
export async function statusesOf(temporal: Client, agents: readonly StoredAgent[]): Promise<ReadonlyMap<string, AgentStatus>> {
  const present = agents.filter(({ archivedAt }) => archivedAt === undefined).map(({ key }) => key)
  const indexed = new Map<string, AgentStatus>()
  if (present.length > 0) {
    // Keys of agents hold no quote.
    const ids = present.map((key) => `'${workflowIdOf(key)}'`).join(', ')
    for await (const { agentId, status } of indexedRuns(temporal, `ExecutionStatus = 'Running' AND WorkflowId IN (${ids})`)) indexed.set(agentId, runStatus(status))
  }
  const missing = present.filter((key) => !indexed.has(key))
  // The server itself knows a workflow that is too new for the index.
  await Promise.all(
    missing.map(async (key) => {
      const run = await presentRun(temporal, key)
      indexed.set(key, run === undefined ? 'asleep' : runStatus(run.status))
    }),
  )
  return new Map(agents.map(({ key }) => [key, indexed.get(key) ?? 'archived']))
}

/** The keys of the tenant's agents that the index shows as parked, ascending. */
export async function parkedKeys(temporal: Client, tenant: Tenant | undefined): Promise<readonly string[]> {
  const keys: string[] = []
  // Asked by the id, which every agent has: an agent of an earlier release has no attribute of its tenant. Names of tenants hold no quote.
  const theirs = tenant === undefined ? `WorkflowId NOT STARTS_WITH '${workflowIdOf('.')}'` : `WorkflowId STARTS_WITH '${workflowIdOf(prefixOf(tenant))}'`
  for await (const { agentId } of indexedRuns(temporal, `${parkedQuery} AND ${theirs}`)) keys.push(agentId)
  return keys.sort()
}

const runStatus = (shown: string): AgentStatus => (shown === 'parked' ? 'parked' : 'live')
