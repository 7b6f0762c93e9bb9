import { invalidArgument } from '../../protocol/errors.ts'

/** What an event's id says of its place: ids of one agent are in the order in which its events are told. */
export interface Place {
  /** The message that it comes with, before or after. */
  readonly seq: number
  readonly kind: Kind
  /** Of a delta or a reset attempt and number; of an end its turn. */
  readonly within: readonly [number, number]
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

export const comesBefore = ({ kind }: Place): boolean => kinds.indexOf(kind) < kinds.indexOf('message')

/** Whether whoever was told of `other` has been told of this one before, or of nothing later. */
export function isUpTo(place: Place, other: Place): boolean {
  const steps = [place.seq - other.seq, kinds.indexOf(place.kind) - kinds.indexOf(other.kind), place.within[0] - other.within[0], place.within[1] - other.within[1]]
  return (steps.find((step) => step !== 0) ?? 0) <= 0
}
