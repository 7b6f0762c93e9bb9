import { randomUUID } from 'node:crypto'
import { isUnanswered, PerdureError } from '../protocol/errors.ts'
import type { IncomingEvent } from '../protocol/events.ts'
import { givenBySignal, handlerNames, type EventAnswer, type EventRequest } from '../protocol/handlers.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { look } from './look.ts'
import { patienceOf } from './patiently.ts'
import { signalWithStart, update } from './temporal-agent.ts'

export interface Giving {
  readonly agent: StoredAgent
  readonly event: IncomingEvent
  readonly signal?: AbortSignal | undefined
  /** As in `SendOptions`. */
  readonly acceptMs?: number | undefined
}

/**
 * Gives an event to its agent, or finds it there; starts the agent's workflow where none runs. Answered as soon as the event is
 * accepted. A run that has taken many updates in one long step takes it as a signal, and is asked what came of it.
 */
export async function giveEvent(given: AgentWorkflows, { agent, event, signal, acceptMs = Infinity }: Giving): Promise<EventAnswer> {
  const workflows = { ...given, patienceMs: Math.min(acceptMs, patienceOf(given)) }
  // Not by the event's id alone: sent again later, it is to learn what has become of it meanwhile.
  const input: EventRequest = { event, wait: 'accepted' }
  try {
    return await update<EventAnswer>(workflows, agent, { name: handlerNames.event, id: `${event.id}/${randomUUID()}`, input, signal, retryFull: false })
  } catch (error) {
    if (!PerdureError.isInstance(error) || error.code !== 'run-full') throw error
  }
  await signalWithStart(workflows, agent, handlerNames.eventSignal, givenBySignal(event, agent))
  const answer = await presentAnswer(workflows, agent, event.id, signal).catch((error: unknown): EventAnswer => {
    // The signal is durable, whoever is there to tell what came of it.
    if (isUnanswered(error)) return { status: 'queued', eventId: event.id, position: 1 }
    throw error
  })
  if (answer !== null) return answer
  throw new PerdureError('mailbox-full', 'so many events wait already that this one was not taken; send again when some are handled')
}

/** What an event has come to, as its agent's workflow knows; null where it does not know the event. Needs a worker. */
export function presentAnswer(workflows: AgentWorkflows, agent: StoredAgent, eventId: string, signal?: AbortSignal): Promise<EventAnswer | null> {
  return look<EventAnswer | null>(workflows, agent, { query: handlerNames.eventAnswer, args: [eventId], signal })
}
