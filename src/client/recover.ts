import { PerdureError } from '../protocol/errors.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import { opOf } from '../protocol/ids.ts'
import { limits } from '../protocol/limits.ts'
import type { AnswerBody, WaitingCall } from '../protocol/waiting.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { unreplayableRun } from './broken-history.ts'
import { startDocuments } from './documents-workflow.ts'
import { isUnknownRun, presentRun } from './indexed-runs.ts'
import { look } from './look.ts'
import { translated } from './patiently.ts'
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

/** A client's clock may go ahead by so much. A message that is dated later was sent by one that is wrong, and may have been sent at any time. */
export const clocksDifferMs = 60_000

/** What of the stores an agent's workflow has to know. */
type Known = Pick<MemoryStore, 'events' | 'timers' | 'turns' | 'messages' | 'answers'>

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
  try {
    const run = await presentRun(workflows.temporal, agent.key)
    const unreplayable = run && (await unreplayableRun(workflows, agent.key))
    if (unreplayable !== undefined) await terminate(workflows, agent.key, unreplayable)
    else if (run !== undefined) {
      if (!(await knowsAll(workflows, memory, agent, run))) {
        await signalWithStart(workflows, agent, handlerNames.reconcile, [])
        return 'asked'
      }
      // One that somebody has ended meanwhile answers too.
      if ((await presentRun(workflows.temporal, agent.key)) !== undefined) return 'well'
    }
  } catch (error) {
    if (!isNotRunning(error)) throw translated(error)
  }
  await startAgent(workflows, agent)
  return 'started'
}

/** Somebody has ended it while it was looked at. */
function isNotRunning(error: unknown): boolean {
  const known = translated(error)
  return isUnknownRun(error) || (PerdureError.isInstance(known) && known.code === 'agent-unknown')
}

/**
 * A workflow that was reset may know of the first event and not of those after it. One whose Temporal database is that of an earlier day may wait
 * for a person over a turn that has gone on since.
 */
async function knowsAll(workflows: AgentWorkflows, memory: Known, agent: StoredAgent, { status }: { readonly status: string }): Promise<boolean> {
  const { events, timers } = memory
  const [pending, stored] = await Promise.all([events.pending(agent.key, limits.mailboxEvents), timers.get(agent.key)])
  if (pending.length === 0 && (stored?.timers ?? []).length === 0 && status !== 'parked') return true
  const view = await look<AgentView>(workflows, agent, { query: handlerNames.state })
  const { mailbox, running, timers: known = [] } = view
  const sent = Date.now() - onTheWayMs
  const isOnTheWay = (since: number): boolean => since > sent && since < Date.now() + clocksDifferMs
  if (await waitsInVain(memory, view, { key: agent.key, sent })) return false
  const taken = new Set([...mailbox.map(({ eventId }) => eventId), running?.eventId])
  if (!pending.every(({ eventId, since }) => taken.has(eventId) || isOnTheWay(Date.parse(since)))) return false
  const waiting = new Set([...known.map(({ id }) => id), ...mailbox.flatMap(({ eventId }) => /^timer:([^:]+):/.exec(eventId)?.[1] ?? [])])
  return (stored?.timers ?? []).every(({ id }) => waiting.has(id) || running?.eventId.startsWith(`timer:${id}:`) === true)
}

/**
 * Whether the turn has ended by the stores that the workflow is parked in, or has what it waits for a person for: a call that waits has no result and was
 * given no answer, and a step that can't ask its model has no inference.
 */
async function waitsInVain({ turns, messages, answers }: Known, { parked, running, waiting }: AgentView, { key, sent }: { readonly key: string; readonly sent: number }): Promise<boolean> {
  if (parked === undefined || running === undefined) return false
  const end = (await turns.byEvent(key, running.eventId))?.end
  if (end !== undefined && end !== 'parked') return true
  // One that goes on by itself finds out by itself, and is not to do so sooner.
  if (parked.calls === undefined && (parked.retryAt !== undefined || waiting !== undefined)) return false
  const lacked = parked.calls?.map(({ op }) => op) ?? [opOf.step(key, running.turn, running.step)]
  const found = await Promise.all(lacked.map((op) => messages.byOp(key, op)))
  if (found.some((message) => message !== undefined)) return true
  const given = parked.calls === undefined ? [] : await answers.to(key, parked.calls.map(({ op }) => op))
  const isAnswerTo = ({ op, for: party, since }: WaitingCall, { op: answered, answer, at }: AnswerBody): boolean =>
    op === answered && (party === 'client') === (answer === 'result') && Date.parse(at) >= since && Date.parse(at) < sent
  return given.some((answer) => parked.calls?.some((call) => isAnswerTo(call, answer)))
}
