import { invalidArgument } from '../../protocol/errors.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { Position } from './position.ts'

/** What an event's id says of its place among those of its agent; `isUpTo` says in which order they are told. */
export interface Place {
  /** The message that it comes with, before or after. */
  readonly seq: number
  readonly kind: Kind
  /** Of a delta or a reset attempt and number; of an end its turn. */
  readonly within: readonly [number, number]
  /** Of what the agent stands still for its turn, where the event itself is at hand: its id does not say it. */
  readonly turn?: number
}

const kinds = ['turn', 'step', 'live', 'message', 'memory', 'waiting', 'parked', 'end'] as const
type Kind = (typeof kinds)[number]

const form = /^(\d{1,15})(?:\.(turn|step|memory|waiting|parked)|\.end\.(\d{1,15})|\.(\d{1,15})\.(\d{1,15}))?$/

/** @throws PerdureError `invalid-argument` */
export function placeOf(id: number | string): Place {
  const [, seq, word, turn, attempt, n] = form.exec(String(id)) ?? []
  if (seq === undefined) throw invalidArgument('after is a sequence number, as 0 or 12, or the id of an event, like 14.1.3')
  if (turn !== undefined) return { seq: Number(seq), kind: 'end', within: [Number(turn), 0] }
  if (attempt !== undefined) return { seq: Number(seq), kind: 'live', within: [Number(attempt), Number(n)] }
  return { seq: Number(seq), kind: (word as Kind | undefined) ?? 'message', within: [0, 0] }
}

export function placeOfEvent(event: TurnEvent): Place {
  const place = placeOf(event.id)
  return event.type === 'waiting' || event.type === 'parked' ? { ...place, turn: event.turn } : place
}

/** Of the latest event that has been told where one stands there. */
export const placeOfPosition = ({ seq, turn, ended }: Position): Place => placeOf(ended ? `${seq}.end.${turn}` : seq)

export const comesBefore = ({ kind }: Place): boolean => rankOf(kind) < rankOf('message')
const comesAfter = ({ kind }: Place): boolean => rankOf(kind) > rankOf('message')
const rankOf = (kind: Kind): number => kinds.indexOf(kind)

/** Whether whoever was told of `other` has been told of this one before, or of nothing later. */
export function isUpTo(place: Place, other: Place): boolean {
  // A step is told before its message is there: what then has the number of the message before it may come after the step, as a park does, or the end.
  if (comesAfter(place) && (other.kind === 'step' || other.kind === 'live') && place.seq === other.seq - 1) return false
  // After the end of a turn the next one may stand still without a message, and a person may write a block.
  if (comesAfter(place) && place.kind !== 'end' && other.kind === 'end' && place.seq === other.seq) return place.turn !== undefined && place.turn <= other.within[0]
  const steps = [place.seq - other.seq, rankOf(place.kind) - rankOf(other.kind), place.within[0] - other.within[0], place.within[1] - other.within[1]]
  return (steps.find((step) => step !== 0) ?? 0) <= 0
}
