import type { TurnOutcome } from '../protocol/turn.ts'

/** Which of the turns of one event says how it stands with it: see `TurnStore.byEvent`. An event has one turn, or a few. */
export function turnOfEvent(latestFirst: readonly TurnOutcome[]): TurnOutcome | undefined {
  return latestFirst.find(({ end }) => end !== 'parked') ?? latestFirst[0]
}
