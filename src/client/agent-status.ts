import type { Client } from '@temporalio/client'
import { workflowIdOf } from '../protocol/ids.ts'
import { prefixOf, type Tenant } from '../protocol/tenant.ts'
import { parkedQuery } from '../protocol/search-attributes.ts'
import type { StoredAgent } from '../stores/agents.ts'
import { indexedPages, indexedRuns, presentRun } from './indexed-runs.ts'

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
    for await (const { agentId, status } of indexedRuns(temporal, `ExecutionStatus = 'Running' AND ${withIdsOf(present)}`)) indexed.set(agentId, runStatus(status))
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

/** The keys of the tenant's agents that the index shows as parked, page by page, in no order. */
export async function* parkedPages(temporal: Client, tenant: Tenant | undefined, pageSize: number): AsyncGenerator<{ readonly keys: readonly string[]; readonly last: boolean }> {
  // Asked by the id, which every agent has: an agent of an earlier release has no attribute of its tenant. Names of tenants hold no quote.
  const theirs = tenant === undefined ? `WorkflowId NOT STARTS_WITH '${workflowIdOf('.')}'` : `WorkflowId STARTS_WITH '${workflowIdOf(prefixOf(tenant))}'`
  for await (const { runs, last } of indexedPages(temporal, `${parkedQuery} AND ${theirs}`, pageSize)) yield { keys: runs.map(({ agentId }) => agentId), last }
}

/** Those of the agents that the index shows as parked. Asked by their ids: of a range of ids a server's database may have another order. */
export async function parkedAmong(temporal: Client, agents: readonly StoredAgent[]): Promise<readonly StoredAgent[]> {
  if (agents.length === 0) return []
  const parked = new Set<string>()
  for await (const { agentId } of indexedRuns(temporal, `${parkedQuery} AND ${withIdsOf(agents.map(({ key }) => key))}`)) parked.add(agentId)
  return agents.filter(({ key }) => parked.has(key))
}

/** Keys of agents hold no quote. */
const withIdsOf = (keys: readonly string[]): string => `WorkflowId IN (${keys.map((key) => `'${workflowIdOf(key)}'`).join(', ')})`

const runStatus = (shown: string): AgentStatus => (shown === 'parked' ? 'parked' : 'live')
