import { invalidArgument } from '../../protocol/errors.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { Position } from './position.ts'

/** What an event's id says of its place among those of its agent; `isUpTo` says in which order they are told. */
export interface Place {
  /** Which agent of its name it is of. Absent: of the present one, whichever that is. */
  readonly generation?: number
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

const form = /^(?:([1-9]\d{0,14}|)~)?(\d{1,15})(?:\.(turn|step|memory|waiting|parked)|\.end\.(\d{1,15})|\.(\d{1,15})\.(\d{1,15}))?$/

/**
 * `2~12.turn` is of the second agent of a name, `12.turn` of the first one, as its ids are; `~12.turn` of whichever it is. So is a number, which
 * is no id, and `0`, where each begins.
 * @throws PerdureError `invalid-argument`
 */
export function placeOf(after: number | string): Place {
  const [, generation, seq, word, turn, attempt, n] = form.exec(typeof after === 'number' ? `~${after}` : after) ?? []
  if (seq === undefined) throw invalidArgument('after is a sequence number, as 0 or ~12, or the id of an event, like 14.1.3 or 2~14.1.3')
  const of = generationIn(generation, after)
  if (turn !== undefined) return { ...of, seq: Number(seq), kind: 'end', within: [Number(turn), 0] }
  if (attempt !== undefined) return { ...of, seq: Number(seq), kind: 'live', within: [Number(attempt), Number(n)] }
  return { ...of, seq: Number(seq), kind: (word as Kind | undefined) ?? 'message', within: [0, 0] }
}

function generationIn(written: string | undefined, after: number | string): Pick<Place, 'generation'> {
  if (written === '' || (written === undefined && after === '0')) return {}
  return { generation: Number(written ?? 1) }
}

/** What is known to be an event's id, as a place to go on after: `0` too is of the first agent then. */
export const placeOfId = (id: string): string => (id === '0' ? '1~0' : id)

/** An event's id as it is told: that of the first agent of a name says nothing of it. */
export const toldId = (id: string, generation: number): string => (generation === 1 ? id : `${generation}~${id}`)

export function placeOfEvent(event: TurnEvent): Place {
  const place = placeOf(event.id)
  return event.type === 'waiting' || event.type === 'parked' ? { ...place, turn: event.turn } : place
}

/** Of the latest event that has been told where one stands there. */
export const placeOfPosition = (position: Position): Place => placeOf(idOfPosition(position))

export const idOfPosition = ({ seq, turn, ended }: Position): string => (ended && turn > 0 ? `${seq}.end.${turn}` : String(seq))

/** Whether an agent whose latest message has this number can have told of it: of the message that is being written a step and its text. */
const mayBeOf = ({ seq, kind }: Place, latest: number): boolean => seq <= latest || (seq === latest + 1 && (kind === 'step' || kind === 'live'))

/** @throws PerdureError `invalid-argument` for a place to which the agent has not come */
export function assertComeTo(place: Place, { name, generation, latest }: { readonly name: string; readonly generation: number; readonly latest: number }): void {
  if ((place.generation ?? generation) <= generation && mayBeOf(place, latest)) return
  throw invalidArgument(`agent ${JSON.stringify(name)} has not come to message ${toldId(String(place.seq), place.generation ?? generation)}: its latest one is ${toldId(String(latest), generation)}; begin anew with after: 0, or without a place`)
}

export const comesBefore = ({ kind }: Place): boolean => rankOf(kind) < rankOf('message')
const comesAfter = ({ kind }: Place): boolean => rankOf(kind) > rankOf('message')
const rankOf = (kind: Kind): number => kinds.indexOf(kind)

/** Whether whoever was told of `other` has been told of this one before, or of nothing later. */
export function isUpTo(place: Place, other: Place): boolean {
  if (place.generation !== undefined && other.generation !== undefined && place.generation !== other.generation) return place.generation < other.generation
  // A step is told before its message is there: what then has the number of the message before it may come after the step, as a park does, or the end.
  if (comesAfter(place) && (other.kind === 'step' || other.kind === 'live') && place.seq === other.seq - 1) return false
  // After the end of a turn the next one may stand still without a message, and a person may write a block.
  if (comesAfter(place) && place.kind !== 'end' && other.kind === 'end' && place.seq === other.seq) return place.turn !== undefined && place.turn <= other.within[0]
  const steps = [place.seq - other.seq, rankOf(place.kind) - rankOf(other.kind), place.within[0] - other.within[0], place.within[1] - other.within[1]]
  return (steps.find((step) => step !== 0) ?? 0) <= 0
}
