import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import { hasEnded, type TurnOutcome } from '../../protocol/turn.ts'
import { openTurn, type Position } from './position.ts'

export interface Telling {
  readonly events: readonly TurnEvent[]
  readonly position: Position
}

/** Of more turns in a row without a message, which none is known to make, the ends are not told. */
const mostSilentTurns = 100

/**
 * What stored messages come to as events: turns begin and end around them. The same messages give the same events, whoever is told and when.
 * @param messages those after the position, ascending
 * @param recordOf the record of a turn; it is asked only for turns after which another one has begun
 * @param stepTold sequence number of a step that was told as it began
 */
export async function tell(
  from: Position,
  messages: readonly StoredMessage[],
  { recordOf, stepTold = 0 }: { readonly recordOf: (turn: number) => Promise<TurnOutcome | undefined>; readonly stepTold?: number },
): Promise<Telling> {
  const events: TurnEvent[] = []
  let position = from
  for (const message of messages) {
    const { seq, turn, step, role, eventId, kind = 'user-message' } = message
    if (turn > position.turn) {
      const first = openTurn(position)
      for (let before = Math.max(1, first, turn - mostSilentTurns); before < turn; before += 1) events.push(...endOf(await recordOf(before), position.seq))
      if (eventId !== undefined) events.push({ type: 'turn', id: `${seq}.turn`, turn, event: { id: eventId, kind, seq } })
    }
    if (role === 'assistant' && seq !== stepTold) events.push({ type: 'step', id: `${seq}.step`, turn, step, seq })
    events.push({ type: 'message', id: String(seq), turn, seq, message })
    position = { seq, turn: Math.max(turn, position.turn), ended: turn > position.turn ? false : position.ended }
  }
  return { events, position }
}

/** @param seq of the last message before it */
export function endOf(record: TurnOutcome | undefined, seq: number): readonly TurnEvent[] {
  if (!hasEnded(record)) return []
  const { turn, eventId, end, reason, detail, figures, replies } = record
  return [{ type: 'end', id: `${seq}.end.${turn}`, turn, eventId, end, ...(reason && { reason }), ...(detail !== undefined && { detail }), figures, replies }]
}

/** A record of a turn that is read anew: its end, or what it is parked for. */
export function standstillOf(record: TurnOutcome, seq: number): readonly TurnEvent[] {
  if (hasEnded(record)) return endOf(record, seq)
  const { turn, eventId, reason, detail, retryAt, waiting } = record
  const why = { ...(reason && { reason }), ...(detail !== undefined && { detail }), ...(retryAt !== undefined && { retryAt }) }
  return [
    ...(waiting === undefined || waiting.length === 0 ? [] : [{ type: 'waiting' as const, id: `${seq}.waiting`, turn, calls: waiting }]),
    { type: 'parked', id: `${seq}.parked`, turn, eventId, ...why },
  ]
}
