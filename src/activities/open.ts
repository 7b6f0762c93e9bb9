import type { AgentActivities } from '../protocol/activities.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { QueueEntry } from '../protocol/context.ts'
import { spentBy } from '../stores/spent.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { tokensOfMessage } from './prompt/render-message.ts'

/** Messages looked at when a queue is rebuilt. */
const mostMessages = 200

/**
 * What the stores know of an agent whose workflow starts: nothing for a new one. Where an earlier workflow's history is gone
 * (deleted, past its retention, another Temporal server) the agent goes on with its latest messages, its latest summary and
 * all of its memory. Lost are only events that had been accepted and not yet begun.
 */
export function createOpen({ stores: { memory }, faultPoint }: ActivityDependencies): AgentActivities['open'] {
  return async ({ agentId, queueTokens, spending }) => {
    const agent = await memory.agents.get(agentId)
    if (!agent || agent.archivedAt !== undefined) return null
    const [messages, { messages: newest }, summary] = await Promise.all([
      memory.messages.count(agentId),
      memory.messages.search(agentId, { order: 'newest', offset: 0, limit: mostMessages }),
      memory.summaries.latest(agentId),
    ])
    const last = newest[0]
    faultPoint('opened')
    return {
      queue: queueOf(newest.map((message) => counted(message, agent.definition.contextWindow)), queueTokens),
      ...(summary && { summary: { op: summary.op, tokens: summary.tokens } }),
      messages,
      ...(spending === true && { spent: await spentBy(memory, agentId) }),
      // Room for results of a step whose message is stored and whose results are not.
      nextSeq: last === undefined ? 1 : last.seq + 1 + (last.calls?.length ?? 0),
      nextTurn: (last?.turn ?? 0) + 1,
    }
  }
}

/** A message that came by an import has not been counted yet. */
function counted(message: StoredMessage, contextWindow: number): StoredMessage {
  return message.tokens > 0 ? message : { ...message, tokens: tokensOfMessage(message, contextWindow) }
}

/** The latest messages that fit, oldest first, beginning with a message that is no call's result. */
function queueOf(newest: readonly StoredMessage[], maxTokens: number): QueueEntry[] {
  const fitting: StoredMessage[] = []
  let tokens = 0
  for (const message of newest) {
    if (message.popped) continue
    tokens += message.tokens
    if (tokens > maxTokens) break
    fitting.unshift(message)
  }
  const first = fitting.findIndex(({ role }) => role !== 'tool')
  return fitting.slice(Math.max(0, first)).map(({ seq, tokens: size, turn, role }) => [seq, size, turn, role === 'tool' ? 1 : 0])
}
