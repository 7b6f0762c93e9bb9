import type { PerdureClient } from '../../client/client.ts'
import type { AgentPageOptions, ListedAgent } from '../../client/list-agents.ts'
import { alignedColumns, widthsOf } from './columns.ts'
import { shortTime } from './text.ts'

/** An agent as `perdure agents` shows it. */
export interface AgentLine {
  readonly agent: string
  /** Names it in the stores and in Temporal; what `--after` takes. */
  readonly key: string
  /** What people are shown in its place. */
  readonly name?: string
  readonly tags?: readonly string[]
  readonly model: string
  /** `live`, `parked`, `asleep` (without a workflow: it wakes at its next message) or `archived`. */
  readonly status: string
  readonly messages: number
  /** ISO 8601. */
  readonly createdAt: string
}

interface Connection {
  readonly client: Pick<PerdureClient, 'list'>
}

/** Which agents, and how many at the most; default: all. */
export type WantedAgents = Pick<AgentPageOptions, 'tag' | 'model' | 'status' | 'after' | 'limit'>

/** How many agents are asked about at once, and kept in memory. */
const pageSize = 50

/** The agents that are wanted, a page at a time. `more`: where to go on after the last that was wanted. */
export async function* agentPages({ client }: Connection, { limit = Infinity, ...wanted }: WantedAgents = {}): AsyncGenerator<{ readonly agents: readonly AgentLine[]; readonly more?: string }> {
  let left = limit
  for (let after = wanted.after; ; ) {
    const page = { ...wanted, limit: Math.min(left, pageSize), counts: true, statuses: true, ...(after !== undefined && { after }) } as const
    const { agents, next } = await client.list(page)
    left -= agents.length
    const ended = next === undefined || left === 0
    if (agents.length > 0) yield { agents: agents.map(lineOf), ...(ended && next !== undefined && { more: next }) }
    if (ended) return
    after = next
  }
}

function lineOf({ key, definition: { id, name, tags, model }, status = 'asleep', recall = 0, createdAt }: ListedAgent): AgentLine {
  return { agent: id, key, ...(name !== undefined && { name }), ...(tags && { tags }), model, status, messages: recall, createdAt }
}

/** One line for each agent, and one that says what the columns are. A later page is as wide as the earlier ones, or wider. */
export async function* agentLines(connection: Connection, wanted: WantedAgents = {}): AsyncGenerator<string> {
  let rows = [['AGENT', 'MODEL', 'STATUS', 'MESSAGES', 'CREATED']]
  let widths: readonly number[] = []
  let found = false
  for await (const { agents, more } of agentPages(connection, wanted)) {
    found = true
    rows.push(...agents.map(({ agent, model, status, messages, createdAt }) => [agent, model, status, String(messages), shortTime(createdAt)]))
    widths = widthsOf(rows, widths)
    yield* alignedColumns(rows, widths)
    rows = []
    if (more !== undefined) yield `There are more: perdure agents --after ${more}`
  }
  if (!found) yield Object.keys(wanted).length > 0 ? 'No agent matches.' : 'There is no agent yet; `perdure chat --agent NAME` creates one.'
}

/** The same, all at once. */
export async function agentsList(connection: Connection): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of agentLines(connection)) lines.push(line)
  return lines
}
