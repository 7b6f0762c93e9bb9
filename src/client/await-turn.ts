import { setTimeout as sleep } from 'node:timers/promises'
import { PerdureError } from '../protocol/errors.ts'
import type { IncomingEvent } from '../protocol/events.ts'
import { handlerNames, type EventAnswer } from '../protocol/handlers.ts'
import type { Parked } from '../protocol/state.ts'
import type { TurnOutcome } from '../protocol/turn.ts'
import type { MemoryStore, StoredAgent } from '../stores/stores.ts'
import { update } from './temporal-agent.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import type { TurnResult, WaitOptions } from './types.ts'

/** Between two tries where a workflow has just continued as new. */
export const carriedPauseMs = 20
const turnPollMs = 100

export interface TurnWaiting {
  /** Gives the event to the agent, or finds it there, and waits for its turn. */
  readonly awaitTurn: (agent: StoredAgent, event: IncomingEvent, options: WaitOptions) => Promise<TurnResult>
  /** Waits for the turn's record in the store. @param agentId the key */
  readonly outcome: (agentId: string, eventId: string, options: WaitOptions) => Promise<TurnResult>
}

export function turnWaiting(workflows: AgentWorkflows, { messages, turns }: Pick<MemoryStore, 'messages' | 'turns'>): TurnWaiting {
  const resultOf = async (agentId: string, outcome: TurnOutcome): Promise<TurnResult> => {
    const sent = await messages.ranges(agentId, outcome.replies.map((seq) => [seq, seq] as const))
    return { ...outcome, replyTexts: sent.flatMap(({ reply }) => (reply === undefined ? [] : [reply])) }
  }

  /** The turn so far, where it has begun; nothing of it for an event that waits behind the one that is parked. */
  const parkedResult = async (agentId: string, eventId: string, { reason, detail, calls }: Parked): Promise<TurnResult> => {
    const begun = await turns.byEvent(agentId, eventId)
    const why = { end: 'parked', reason, detail, ...(calls && { waiting: calls }) } as const
    if (begun?.end === 'parked') return { ...(await resultOf(agentId, begun)), ...why }
    const figures = { steps: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0, latencyMs: 0 }
    return { turn: 0, eventId, replies: [], replyTexts: [], figures, ...why }
  }

  const outcome = async (agentId: string, eventId: string, { signal, until = 'parked' }: WaitOptions): Promise<TurnResult> => {
    for (;;) {
      const found = await turns.byEvent(agentId, eventId)
      if (found && (found.end !== 'parked' || until === 'parked')) return resultOf(agentId, found)
      await sleep(turnPollMs, undefined, signal && { signal })
    }
  }

  return {
    outcome,
    awaitTurn: async (agent, event, { signal, until = 'parked' }) => {
      const wait = until === 'end' ? 'end' : 'turn'
      for (;;) {
        const answer = await update<EventAnswer>(workflows, agent, { name: handlerNames.event, input: { event, wait }, signal })
        switch (answer.status) {
          case 'ended':
            return resultOf(agent.key, answer.outcome)
          case 'handled':
            return outcome(agent.key, event.id, { ...(signal && { signal }), until })
          case 'archived':
            throw new PerdureError('agent-archived', `agent ${agent.definition.id} was archived before this message had its turn`)
          case 'parked':
            return parkedResult(agent.key, event.id, answer.parked)
          default:
            await sleep(carriedPauseMs, undefined, signal && { signal })
        }
      }
    },
  }
}
