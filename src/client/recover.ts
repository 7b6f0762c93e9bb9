import { limits } from '../protocol/limits.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import type { MemoryStore, StoredAgent } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { unreplayableRun } from './broken-history.ts'
import { startDocuments } from './documents-workflow.ts'
import { awayOr } from './grpc-error.ts'
import { presentRun } from './indexed-runs.ts'
import { look } from './look.ts'
import { signalWithStart, startAgent, terminate } from './temporal-agent.ts'

/**
 * What became of an agent that was looked after. `started`: its workflow did not run, or had a history that no worker can replay, and was
 * ended; a new one takes up from the stores all that has yet to be done. `asked`: its workflow runs and did not know of all of that, so it was told to read the stores. `well`: nothing was amiss.
 */
export type Recovery = 'started' | 'asked' | 'well'

export interface RecoverMethods {
  /**
   * Sees to it that the agent's workflow runs, and knows each event and timer that the stores know; and that the one of its documents does,
   * where any wait. Workers do so by themselves within a minute for agents that have something to do. May be repeated.
   */
  recover(agentId: string): Promise<Recovery>
}

/** A message that was stored so shortly ago may still be on its way to the workflow. */
const onTheWayMs = 30_000

/** What of the stores an agent's workflow has to know. */
type Known = Pick<MemoryStore, 'events' | 'timers'>

export function recoverMethods(workflows: AgentWorkflows, memory: MemoryStore, { agentOf }: AgentNames): RecoverMethods {
  return {
    recover: async (agentId) => {
      const agent = await agentOf(agentId)
      if ((await memory.documents.pending(agent.key, 1)).length > 0) await startDocuments(workflows, agent.key)
      return recoverAgent(workflows, memory, agent)
    },
  }
}

export async function recoverAgent(workflows: AgentWorkflows, memory: Known, agent: StoredAgent): Promise<Recovery> {
  if ((await presentRun(workflows.temporal, agent.key)) === undefined) {
    await startAgent(workflows, agent)
    return 'started'
  }
  const unreplayable = await unreplayableRun(workflows, agent.key).catch((error: unknown) => {
    throw awayOr(error)
  })
  if (unreplayable !== undefined) {
    await terminate(workflows, agent.key, unreplayable)
    await startAgent(workflows, agent)
    return 'started'
  }
  if (await knowsAll(workflows, memory, agent)) return 'well'
  await signalWithStart(workflows, agent, handlerNames.reconcile, [])
  return 'asked'
}

/** A workflow that was reset may know of the first event and not of those after it. */
async function knowsAll(workflows: AgentWorkflows, { events, timers }: Known, agent: StoredAgent): Promise<boolean> {
  const [pending, stored] = await Promise.all([events.pending(agent.key, limits.mailboxEvents), timers.get(agent.key)])
  if (pending.length === 0 && (stored?.timers ?? []).length === 0) return true
  const { mailbox, running, timers: known = [] } = await look<AgentView>(workflows, agent, { query: handlerNames.state })
  const sent = Date.now() - onTheWayMs
  const taken = new Set([...mailbox.map(({ eventId }) => eventId), running?.eventId])
  if (!pending.every(({ eventId, since }) => taken.has(eventId) || Date.parse(since) > sent)) return false
  const waiting = new Set([...known.map(({ id }) => id), ...mailbox.flatMap(({ eventId }) => /^timer:([^:]+):/.exec(eventId)?.[1] ?? [])])
  return (stored?.timers ?? []).every(({ id }) => waiting.has(id) || running?.eventId.startsWith(`timer:${id}:`) === true)
}
