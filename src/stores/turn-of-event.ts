import type { TurnOutcome } from '../protocol/turn.ts'

/** The turn, of the one or few that an event has, that tells the event's outcome: see `TurnStore.byEvent`. */
export function turnOfEvent(latestFirst: readonly TurnOutcome[]): TurnOutcome | undefined {
  return latestFirst.find(({ end }) => end !== 'parked') ?? latestFirst[0]
}
