import { nameOf } from '../protocol/agent-key.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { IncomingEvent } from '../protocol/events.ts'
import type { EventAnswer } from '../protocol/handlers.ts'
import type { Parked } from '../protocol/state.ts'
import { hasEnded, type TurnOutcome } from '../protocol/turn.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { Stores } from '../stores/stores.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { giveEvent, presentAnswer } from './give-event.ts'
import { goesOnFrom, presentRun } from './indexed-runs.ts'
import { inLane } from './lanes.ts'
import { readerOf } from './reading/reader.ts'
import { seldom } from './seldom.ts'
import { startAgent } from './temporal-agent.ts'
import { recordWaiting } from './turn-record.ts'
import type { SendOptions, TurnResult, WaitOptions } from './types.ts'

export interface AwaitOptions extends WaitOptions, Pick<SendOptions, 'acceptMs'> {
  /** It may have been sent before. */
  readonly again: boolean
  /** Called as soon as the workflow has it, each time that it is given to it. */
  readonly accepted: (answer: EventAnswer) => Promise<void>
}

export interface TurnWaiting {
  /** Gives the event to the agent, or finds it there, and waits for its turn. */
  readonly awaitTurn: (agent: StoredAgent, event: IncomingEvent, options: AwaitOptions) => Promise<TurnResult>
  /** Waits for the turn's record in the store. @param agentId the key */
  readonly outcome: (agentId: string, eventId: string, options: WaitOptions) => Promise<TurnResult>
}

/** A workflow is not held by those who wait: they read the turn's record, and look at the workflow now and then. */
export function turnWaiting(workflows: AgentWorkflows, stores: Stores): TurnWaiting {
  const { agents, messages, turns } = stores.memory
  const waitForRecord = recordWaiting(readerOf(stores).records, turns)
  // All who wait for one agent ask the same of it, at the same moments.
  const looks = {}

  const resultOf = async (agentId: string, outcome: TurnOutcome): Promise<TurnResult> => {
    const sent = await messages.ranges(agentId, outcome.replies.map((seq) => [seq, seq] as const))
    return { ...outcome, replyTexts: sent.flatMap(({ reply }) => (reply === undefined ? [] : [reply])) }
  }

  /** The turn so far, where it has begun; nothing of it for an event that waits behind the one that is parked. */
  const parkedOutcome = async (agentId: string, eventId: string, { reason, detail, retryAt, calls }: Parked): Promise<TurnOutcome> => {
    const begun = await turns.byEvent(agentId, eventId)
    const why = { end: 'parked', reason, detail, ...(retryAt !== undefined && { retryAt }), ...(calls && { waiting: calls }) } as const
    if (begun !== undefined) return hasEnded(begun) ? begun : { ...begun, ...why }
    const figures = { steps: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0, latencyMs: 0 }
    return { turn: 0, eventId, replies: [], figures, ...why }
  }

  /** @throws PerdureError `agent-unknown` for one that is deleted, `agent-archived` */
  const stillThere = async (agentId: string): Promise<StoredAgent> => {
    const agent = await agents.get(agentId)
    if (agent === undefined || agent.deletingAt !== undefined) {
      throw new PerdureError('agent-unknown', `agent ${JSON.stringify(nameOf(agentId))} was deleted, so this message has no turn`)
    }
    if (agent.archivedAt !== undefined) throw new PerdureError('agent-archived', `agent ${nameOf(agentId)} was archived before this message had its turn`)
    return agent
  }

  /** Deleted, or archived with all that is stored of it. */
  const whyArchived = (agentId: string): Promise<unknown> =>
    stillThere(agentId).then(
      () => new PerdureError('agent-archived', `agent ${nameOf(agentId)} was archived before this message had its turn`),
      (error: unknown) => error,
    )

  /** Servers and workers that are away are waited for; only that there is no agent any more ends the waiting. */
  const unlessAway = async <Found>(agentId: string, stop: AbortSignal, look: () => Promise<Found | undefined>): Promise<Found | undefined> => {
    try {
      return await inLane(looks, agentId, () => workflows.temporal.withAbortSignal(stop, look), { width: 1, signal: stop })
    } catch (error) {
      if (PerdureError.isInstance(error) && isGone(error)) throw error
      return undefined
    }
  }

  const awaitTurn: TurnWaiting['awaitTurn'] = async (agent, event, { signal, until = 'parked', again, accepted, acceptMs }) => {
    const agentId = agent.key
    const before = again ? await turns.byEvent(agentId, event.id) : undefined
    if (before !== undefined && hasEnded(before)) return resultOf(agentId, before)

    const ended = async (answer: EventAnswer | null): Promise<TurnOutcome | undefined> => {
      if (answer?.status === 'archived') throw await whyArchived(agentId)
      if (answer?.status === 'ended') return answer.outcome
      return answer?.status === 'parked' && until === 'parked' ? parkedOutcome(agentId, event.id, answer.parked) : undefined
    }
    const give = async (given: IncomingEvent, stop: AbortSignal | undefined) => {
      const answer = await giveEvent(workflows, { agent, event: given, signal: stop, acceptMs })
      await accepted(answer)
      return ended(answer)
    }

    const asking = seldom((runs) => goesOnFrom(workflows.temporal, agentId, runs))
    const outcome =
      (await give(event, signal)) ??
      (await waitForRecord<TurnOutcome>({
        agentId,
        eventId: event.id,
        signal,
        // A turn that goes on keeps the record of its last park until it ends, or parks again.
        read: (record) => (hasEnded(record) || (until === 'parked' && !isSame(record, before)) ? record : undefined),
        look: async (stop) => {
          await stillThere(agentId)
          return unlessAway(agentId, stop, async () => {
            const run = await presentRun(workflows.temporal, agentId)
            if (run !== undefined && !(await asking.isDue(run, until === 'parked'))) return undefined
            const answer = run === undefined ? null : await presentAnswer(workflows, agent, event.id, stop)
            if (run !== undefined) asking.asked(run)
            return answer === null ? give({ ...event, again: true }, stop) : ended(answer)
          })
        },
      }))
    return resultOf(agentId, outcome)
  }

  const outcome: TurnWaiting['outcome'] = async (agentId, eventId, { signal, until = 'parked' }) => {
    const found = await waitForRecord<TurnOutcome>({
      agentId,
      eventId,
      signal,
      read: (record) => (hasEnded(record) || until === 'parked' ? record : undefined),
      look: async (stop) => {
        const agent = await stillThere(agentId)
        return unlessAway(agentId, stop, async () => {
          if ((await presentRun(workflows.temporal, agentId)) === undefined) await startAgent(workflows, agent, stop)
          return undefined
        })
      },
    })
    return resultOf(agentId, found)
  }

  return { awaitTurn, outcome }
}

/** Temporal's word that no workflow runs is not the last one; ours of the store is. */
const isGone = (error: PerdureError): boolean => error.code === 'agent-archived' || (error.code === 'agent-unknown' && error.cause === undefined)

function isSame(record: TurnOutcome, before: TurnOutcome | undefined): boolean {
  return JSON.stringify(record) === JSON.stringify(before)
}
