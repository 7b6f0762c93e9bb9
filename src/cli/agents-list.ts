import type { PerdureConnection } from '../connect.ts'
import { workflowType } from '../protocol/handlers.ts'
import { agentIdOf } from '../protocol/ids.ts'
import { statusAttribute } from '../protocol/search-attributes.ts'
import { columns } from './render/columns.ts'
import { shortTime } from './render/text.ts'

/** One line for each agent, and one that says what the columns are. */
export async function agentsList({ client, temporal }: Pick<PerdureConnection, 'client' | 'temporal'>): Promise<string[]> {
  const agents = await client.list()
  if (agents.length === 0) return ['There is no agent yet; `perdure chat --agent NAME` creates one.']
  // Temporal's index of workflows lags a little behind; for a listing that will do, and it asks no worker.
  const statuses = new Map<string, string>()
  for await (const workflow of temporal.workflow.list({ query: `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Running'` })) {
    statuses.set(agentIdOf(workflow.workflowId), workflow.typedSearchAttributes.get(statusAttribute) ?? 'live')
  }
  const rows = await Promise.all(
    agents.map(async ({ definition, createdAt, archivedAt }) => {
      const { recall } = await client.counts(definition.id)
      const status = archivedAt === undefined ? (statuses.get(definition.id) ?? 'asleep') : 'archived'
      return [definition.id, definition.model, status, String(recall), shortTime(createdAt)]
    }),
  )
  return columns([['AGENT', 'MODEL', 'STATUS', 'MESSAGES', 'CREATED'], ...rows])
}
