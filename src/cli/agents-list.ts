import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client'
import type { PerdureConnection } from '../connect.ts'
import { workflowType } from '../protocol/handlers.ts'
import { agentIdOf, workflowIdOf } from '../protocol/ids.ts'
import { statusAttribute } from '../protocol/search-attributes.ts'
import { columns } from './render/columns.ts'
import { shortTime } from './render/text.ts'

/** One line for each agent, and one that says what the columns are. */
export async function agentsList({ client, temporal }: Pick<PerdureConnection, 'client' | 'temporal'>): Promise<string[]> {
  const agents = await client.list()
  if (agents.length === 0) return ['There is no agent yet; `perdure chat --agent NAME` creates one.']
  const indexed = new Map<string, string>()
  for await (const workflow of temporal.workflow.list({ query: `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Running'` })) {
    indexed.set(agentIdOf(workflow.workflowId), statusOf(workflow))
  }
  const rows = await Promise.all(
    agents.map(async ({ definition: { id, model }, createdAt, archivedAt }) => {
      const { recall } = await client.counts(id)
      const status = archivedAt === undefined ? (indexed.get(id) ?? (await describedStatus(temporal, id))) : 'archived'
      return [id, model, status, String(recall), shortTime(createdAt)]
    }),
  )
  return columns([['AGENT', 'MODEL', 'STATUS', 'MESSAGES', 'CREATED'], ...rows])
}

const statusOf = (workflow: Pick<WorkflowExecutionInfo, 'typedSearchAttributes'>): string => workflow.typedSearchAttributes.get(statusAttribute) ?? 'live'

/** Temporal's index of workflows lags a little; one that is not in it is asked for. An agent without a workflow wakes at its next message. */
async function describedStatus(temporal: Client, agentId: string): Promise<string> {
  try {
    const workflow = await temporal.workflow.getHandle(workflowIdOf(agentId)).describe()
    return workflow.status.name === 'RUNNING' ? statusOf(workflow) : 'asleep'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'asleep'
    throw error
  }
}
