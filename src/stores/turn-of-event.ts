import { hasEnded, type TurnOutcome } from '../protocol/turn.ts'

interface OfAgent {
  readonly agentId: string
  readonly outcome: TurnOutcome
}

/** The turn, of the one or few that an event has, that tells the event's outcome: see `TurnStore.byEvent`. */
export function turnOfEvent(latestFirst: readonly TurnOutcome[]): TurnOutcome | undefined {
  return latestFirst.reduce<TurnOutcome | undefined>(telling, undefined)
}

/** A later turn tells more than an earlier one, and one that has ended more than one that is parked. */
const telling = (later: TurnOutcome | undefined, earlier: TurnOutcome): TurnOutcome => (later === undefined || (!hasEnded(later) && hasEnded(earlier)) ? earlier : later)

/** The same for each event, of turns of several agents and events. */
export function turnsOfEvents(latestFirst: readonly OfAgent[]): readonly OfAgent[] {
  const turns = new Map<string, OfAgent>()
  for (const { agentId, outcome } of latestFirst) {
    const event = JSON.stringify([agentId, outcome.eventId])
    turns.set(event, { agentId, outcome: telling(turns.get(event)?.outcome, outcome) })
  }
  return [...turns.values()]
}
