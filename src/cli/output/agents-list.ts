import type { PerdureConnection } from '../../connect.ts'
import { indexedRuns, presentRun } from '../../operations/indexed-runs.ts'
import { columns } from './columns.ts'
import { shortTime } from './text.ts'

/** One line for each agent, and one that says what the columns are. */
export async function agentsList({ client, temporal }: Pick<PerdureConnection, 'client' | 'temporal'>): Promise<string[]> {
  const agents = await client.list()
  if (agents.length === 0) return ['There is no agent yet; `perdure chat --agent NAME` creates one.']
  const indexed = new Map<string, string>()
  for await (const { agentId, status } of indexedRuns(temporal, "ExecutionStatus = 'Running'")) indexed.set(agentId, status)
  const rows = await Promise.all(
    agents.map(async ({ definition: { id, model }, createdAt, archivedAt }) => {
      const { recall } = await client.counts(id)
      // An agent without a workflow wakes at its next message.
      const status = archivedAt === undefined ? (indexed.get(id) ?? (await presentRun(temporal, id))?.status ?? 'asleep') : 'archived'
      return [id, model, status, String(recall), shortTime(createdAt)]
    }),
  )
  return columns([['AGENT', 'MODEL', 'STATUS', 'MESSAGES', 'CREATED'], ...rows])
}
