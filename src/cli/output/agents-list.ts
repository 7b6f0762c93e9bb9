import type { PerdureConnection } from '../../connect.ts'
import type { ListedAgent } from '../../client/list-agents.ts'
import { indexedRuns, presentRun } from '../../operations/indexed-runs.ts'
import { workflowIdOf } from '../../protocol/ids.ts'
import { alignedColumns, widthsOf } from './columns.ts'
import { shortTime } from './text.ts'

/** An agent as `perdure agents` shows it. */
export interface AgentLine {
  readonly agent: string
  readonly model: string
  /** `live`, `parked`, `asleep` (without a workflow: it wakes at its next message) or `archived`. */
  readonly status: string
  readonly messages: number
  /** ISO 8601. */
  readonly createdAt: string
}

type Connection = Pick<PerdureConnection, 'client' | 'temporal'>

/** How many agents are asked about at once, and kept in memory. */
const pageSize = 50

/** All agents, a page at a time. */
export async function* agentPages(connection: Connection): AsyncGenerator<readonly AgentLine[]> {
  for (let after: string | undefined; ; ) {
    const { agents, next } = await connection.client.list({ limit: pageSize, counts: true, ...(after !== undefined && { after }) })
    if (agents.length > 0) yield await linesOf(connection, agents)
    if (next === undefined) return
    after = next
  }
}

async function linesOf({ temporal }: Connection, agents: readonly ListedAgent[]): Promise<readonly AgentLine[]> {
  // Keys of agents hold no quote.
  const ids = agents.map(({ key }) => `'${workflowIdOf(key)}'`)
  const indexed = new Map<string, string>()
  for await (const { agentId, status } of indexedRuns(temporal, `ExecutionStatus = 'Running' AND WorkflowId IN (${ids.join(', ')})`)) indexed.set(agentId, status)
  return Promise.all(
    agents.map(async ({ key, definition: { id, model }, createdAt, archivedAt, recall = 0 }) => {
      const status = archivedAt === undefined ? (indexed.get(key) ?? (await presentRun(temporal, key))?.status ?? 'asleep') : 'archived'
      return { agent: id, model, status, messages: recall, createdAt }
    }),
  )
}

/** One line for each agent, and one that says what the columns are. A later page is as wide as the earlier ones, or wider. */
export async function* agentLines(connection: Connection): AsyncGenerator<string> {
  let rows = [['AGENT', 'MODEL', 'STATUS', 'MESSAGES', 'CREATED']]
  let widths: readonly number[] = []
  let found = false
  for await (const page of agentPages(connection)) {
    found = true
    rows.push(...page.map(({ agent, model, status, messages, createdAt }) => [agent, model, status, String(messages), shortTime(createdAt)]))
    widths = widthsOf(rows, widths)
    yield* alignedColumns(rows, widths)
    rows = []
  }
  if (!found) yield 'There is no agent yet; `perdure chat --agent NAME` creates one.'
}

/** The same, all at once. */
export async function agentsList(connection: Connection): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of agentLines(connection)) lines.push(line)
  return lines
}
