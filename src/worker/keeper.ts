import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ConnectionLike } from '@temporalio/client'
import { Runtime } from '@temporalio/worker'
import type { AgentWorkflows } from '../client/agent-workflows.ts'
import { recoverAgent } from '../client/recover.ts'
import { signalWithStart } from '../client/temporal-agent.ts'
import { messageOf } from '../protocol/errors.ts'
import { handlerNames } from '../protocol/handlers.ts'
import type { Stores } from '../stores/stores.ts'
import { ensureSearchAttributes } from './search-attributes.ts'

/** How often the stores are asked who has something to do, and how long an agent may have left it before it is looked after. */
const everyMs = 15_000
/** Agents that are looked at in one round, and at once. */
const mostAgents = 1_000
const atOnce = 4
/**
 * An agent that knows what it has to do (it is parked, say, or busy) is looked at again after this, and then more seldom; one that was told
 * to read the stores, or that fails, much more seldom.
 */
const firstPauseMs = 15_000
const longestPauseMs = { well: 40_000, otherwise: 10 * 60_000 } as const
/** A worker that is just starting, or ending, has no answer to a look. */
const patienceMs = 10_000

export interface KeeperOptions {
  readonly temporal: Client
  readonly connection: ConnectionLike
  readonly stores: Stores
  readonly taskQueue: string
  /** Whether the worker still runs. */
  readonly alive: () => boolean
}

/**
 * Keeps agents going whose workflow was terminated, cancelled, deleted, reset, or lost with Temporal's database: who has an event or a
 * timer in the stores and does not come to it within seconds is started anew, or told to read the stores. Each worker does this for its
 * task queue; that several do it at once harms nothing. Agents that have nothing to do are started by their next message.
 */
export async function keepAgents(options: KeeperOptions): Promise<void> {
  const { temporal, taskQueue, stores, alive } = options
  const workflows: AgentWorkflows = { temporal, taskQueue, patienceMs }
  const rests = new Map<string, { readonly until: number; readonly pauseMs: number }>()
  // Not all workers of a deployment at once.
  await pause(Math.random() * everyMs)
  while (alive()) {
    try {
      const agents = await withSomethingToDo(stores, taskQueue)
      for (const known of rests.keys()) if (!agents.includes(known)) rests.delete(known)
      const due = agents.filter((agentId) => (rests.get(agentId)?.until ?? 0) <= Date.now())
      const failures: unknown[] = []
      await eachOf(due, atOnce, async (agentId) => {
        if (!alive()) return
        let longest: number = longestPauseMs.otherwise
        try {
          if ((await lookAfter(workflows, stores, agentId)) === 'well') longest = longestPauseMs.well
        } catch (error) {
          failures.push(error)
        }
        const pauseMs = Math.min(longest, (rests.get(agentId)?.pauseMs ?? firstPauseMs / 2) * 2)
        rests.set(agentId, { until: Date.now() + pauseMs, pauseMs })
      })
      if (failures.length > 0 && alive()) {
        warn(failures[0])
        // A Temporal database that was emptied knows no search attributes, and without them no agent can be started.
        await ensureSearchAttributes(options.connection, temporal.options.namespace)
        if (failures.length === due.length) for (const agentId of due) rests.delete(agentId)
      }
    } catch (error) {
      warn(error)
    }
    await pause(everyMs)
  }
}

async function withSomethingToDo({ memory }: Stores, taskQueue: string): Promise<readonly string[]> {
  const before = Date.now() - everyMs
  const [pending, due, deleted] = await Promise.all([
    memory.events.agentsWithPending({ taskQueue, before: new Date(before).toISOString(), limit: mostAgents }),
    memory.timers.agentsWithDue({ taskQueue, before, limit: mostAgents }),
    memory.agents.beingDeleted(),
  ])
  const leaving = deleted.filter(({ deletingAt }) => deletingAt !== undefined && Date.parse(deletingAt) < before).map(({ key }) => key)
  return [...new Set([...pending, ...due, ...leaving])]
}

async function lookAfter(workflows: AgentWorkflows, { memory }: Stores, agentId: string): ReturnType<typeof recoverAgent> {
  const agent = await memory.agents.get(agentId)
  if (agent?.deletingAt !== undefined) {
    // Its workflow reads that in the stores, and goes on with the deletion.
    await signalWithStart(workflows, agent, handlerNames.reconcile, [])
    return 'well'
  }
  if (agent !== undefined && agent.archivedAt === undefined) return recoverAgent(workflows, memory, agent)
  // An archived agent handles nothing any more.
  for (const { eventId } of await memory.events.pending(agentId, mostAgents)) await memory.events.withdraw(agentId, eventId)
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
