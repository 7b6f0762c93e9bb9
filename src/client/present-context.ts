import type { QueueEntry } from '../protocol/context.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import { seqRanges } from '../protocol/seq-ranges.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MessageStore } from '../stores/messages.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { look } from './look.ts'

/** One step has far fewer. */
const mostOfStep = 1_000

/** The messages of the queue, and those of the step that runs: the queue has them when the step has ended. */
export async function presentContext(workflows: AgentWorkflows, messages: MessageStore, agent: StoredAgent): Promise<readonly StoredMessage[]> {
  // In this order a turn that ends meanwhile is whole in the queue.
  const { running } = await look<AgentView>(workflows, agent, { query: handlerNames.state })
  const queue = await look<readonly QueueEntry[]>(workflows, agent, { query: handlerNames.queue })
  const queued = await messages.ranges(agent.key, seqRanges(queue.map(([seq]) => seq)))
  if (running === undefined) return queued
  const last = queued.at(-1)?.seq ?? Math.max(0, (await messages.latestSeq(agent.key)) - mostOfStep)
  const later = await messages.after(agent.key, last, mostOfStep)
  return [...queued, ...later.filter(({ turn }) => turn === running.turn)]
}
