import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ConnectionLike } from '@temporalio/client'
import { Runtime } from '@temporalio/worker'
import type { AgentWorkflows } from '../client/agent-workflows.ts'
import { startDocuments } from '../client/documents-workflow.ts'
import { clocksDifferMs, recoverAgent, type Recovery } from '../client/recover.ts'
import { signalWithStart } from '../client/temporal-agent.ts'
import { documentsWorkflowIdOf } from '../protocol/documents.ts'
import { messageOf } from '../protocol/errors.ts'
import { handlerNames } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import type { Stores } from '../stores/stores.ts'
import { ensureSearchAttributes } from './search-attributes.ts'

/** How often the stores are asked who has something to do, and how long it may have been left before its workflow is looked after. */
const everyMs = 15_000
/** Of each kind of work: who is looked at in one round, and at once. */
const most = 1_000
const atOnce = 4
/**
 * An agent that knows what it has to do (it is parked, say, or busy) is looked at again after this, and then more seldom; one that was told
 * to read the stores, or that fails, much more seldom. So with its documents.
 */
const firstPauseMs = 15_000
const longestPauseMs = { well: 40_000, otherwise: 10 * 60_000 } as const
/** A worker that is just starting, or ending, has no answer to a look. */
const patienceMs = 10_000
/** How often the search attributes are looked for: well within the minute for which clients wait for an agent that stands still without them. */
const attributesEveryMs = 30_000

export interface KeeperOptions {
  readonly temporal: Client
  /** Absent where this worker is not to register search attributes. */
  readonly registerWith?: ConnectionLike
  readonly stores: Stores
  readonly taskQueue: string
  /** Whether the worker still runs. */
  readonly alive: () => boolean
}

/** A workflow of which the stores say that it has something to do. */
interface Look {
  readonly id: string
  readonly after: () => Promise<Recovery>
}

/**
 * Keeps agents going whose workflow was terminated, cancelled, deleted, reset, or lost with Temporal's database: who has an event or a
 * timer in the stores and does not come to it within seconds is started anew, or told to read the stores; and so is the workflow of an
 * agent's documents, while any wait. Each worker does this for its task queue; that several do it at once harms nothing. Agents that have
 * nothing to do are started by their next message. Search attributes that somebody has removed are registered again: without them no agent
 * can be started, or change what it shows.
 */
export async function keepAgents(options: KeeperOptions): Promise<void> {
  const { temporal, taskQueue, stores, alive } = options
  const workflows: AgentWorkflows = { temporal, taskQueue, patienceMs }
  const rests = new Map<string, { readonly until: number; readonly pauseMs: number; readonly found: keyof typeof longestPauseMs }>()
  let attributesAt = performance.now()
  // Not all workers of a deployment at once.
  await pause(Math.random() * everyMs)
  while (alive()) {
    if (performance.now() - attributesAt >= attributesEveryMs) {
      attributesAt = performance.now()
      await keepAttributes(options)
    }
    try {
      const looks = await withSomethingToDo(workflows, stores)
      const listed = new Set(looks.map(({ id }) => id))
      for (const known of rests.keys()) if (!listed.has(known)) rests.delete(known)
      const due = looks.filter(({ id }) => (rests.get(id)?.until ?? 0) <= Date.now())
      const failures: unknown[] = []
      await eachOf(due, atOnce, async ({ id, after }) => {
        if (!alive()) return
        let found: keyof typeof longestPauseMs = 'otherwise'
        try {
          if ((await after()) === 'well') found = 'well'
        } catch (error) {
          failures.push(error)
        }
        const before = rests.get(id)
        // What was well for long and is struck now may be struck again at once.
        const pauseMs = before?.found === found ? Math.min(longestPauseMs[found], before.pauseMs * 2) : firstPauseMs
        rests.set(id, { until: Date.now() + pauseMs, pauseMs, found })
      })
      if (failures.length > 0 && alive()) {
        warn(failures[0])
        // A Temporal database that was emptied knows no search attributes.
        await keepAttributes(options)
        if (failures.length === due.length) for (const { id } of due) rests.delete(id)
      }
    } catch (error) {
      warn(error)
    }
    await pause(everyMs)
  }
}

async function keepAttributes({ temporal, registerWith, alive }: KeeperOptions): Promise<void> {
  if (registerWith === undefined) return
  try {
    await temporal.withDeadline(Date.now() + patienceMs, () => ensureSearchAttributes(registerWith, temporal.options.namespace))
  } catch (error) {
    if (alive()) Runtime.instance().logger.warn('the search attributes could not be looked for; it is tried again', { reason: messageOf(error) })
  }
}

async function withSomethingToDo(workflows: AgentWorkflows, stores: Stores): Promise<readonly Look[]> {
  const { memory } = stores
  const { taskQueue } = workflows
  const at = Date.now() - everyMs
  const before = new Date(at).toISOString()
  const after = new Date(Date.now() + clocksDifferMs).toISOString()
  const [pending, due, deleted, unfinished] = await Promise.all([
    memory.events.agentsWithPending({ taskQueue, before, after, limit: most }),
    memory.timers.agentsWithDue({ taskQueue, before: at, limit: most }),
    memory.agents.beingDeleted(),
    memory.documents.agentsWithUnfinished({ taskQueue, before, limit: most }),
  ])
  const leaving = deleted.filter(({ deletingAt }) => deletingAt !== undefined && Date.parse(deletingAt) < at).map(({ key }) => key)
  const agents = [...new Set([...pending, ...due, ...leaving])]
  return [
    ...agents.map((agentId) => ({ id: workflowIdOf(agentId), after: () => lookAfter(workflows, stores, agentId) })),
    ...unfinished.map((agentId) => ({ id: documentsWorkflowIdOf(agentId), after: () => lookAfterDocuments(workflows, stores, agentId) })),
  ]
}

/** What an archived agent was given waits in vain; what one has that is being deleted goes with it. */
async function lookAfterDocuments(workflows: AgentWorkflows, { memory }: Stores, agentId: string): Promise<Recovery> {
  const agent = await memory.agents.get(agentId)
  if (agent?.archivedAt !== undefined || agent?.deletingAt !== undefined) return 'asked'
  return startDocuments(workflows, agentId)
}

async function lookAfter(workflows: AgentWorkflows, { memory }: Stores, agentId: string): Promise<Recovery> {
  const agent = await memory.agents.get(agentId)
  if (agent?.deletingAt !== undefined) {
    // Its workflow reads that in the stores, and goes on with the deletion.
    await signalWithStart(workflows, agent, handlerNames.reconcile, [])
    return 'well'
  }
  if (agent !== undefined && agent.archivedAt === undefined) return recoverAgent(workflows, memory, agent)
  // An archived agent handles nothing any more.
  for (const { eventId } of await memory.events.pending(agentId, most)) await memory.events.withdraw(agentId, eventId)
  await memory.timers.put({ agentId, taskQueue: workflows.taskQueue, timers: [] })
  return 'well'
}

function warn(error: unknown): void {
  Runtime.instance().logger.warn('agents that have something to do could not be looked after; it is tried again', { reason: messageOf(error) })
}

async function eachOf<Item>(items: readonly Item[], size: number, work: (item: Item) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += size) await Promise.all(items.slice(start, start + size).map(work))
}

/** Keeps no process alive. */
const pause = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { ref: false })
