import type { OnDelta } from '../model.ts'
import { isJson } from '../../protocol/json.ts'
import { argumentsInPieces, type ArgumentsInPieces } from './arguments-in-pieces.ts'
import { argumentsText, type CallPiece } from './calls.ts'
import { givenInPieces } from './given-fields.ts'

interface Call {
  readonly id?: string
  name: string
  readonly arguments: ArgumentsInPieces
  /** The part of its name that no delta has told. */
  untold: string
  readonly given: ReturnType<typeof givenInPieces>
}

/** The calls of an answer that comes in pieces. Nothing is told of a call before its arguments begin: until then its name may go on. */
export function callsInPieces(onDelta: OnDelta) {
  const calls: Call[] = []
  const places = new Map<number | string, number>()

  /**
   * Calls are told apart by index and id. Some endpoints give one call several indexes, some give every call the index 0, or one id, and some
   * give neither. Only a piece with a name begins another call; without one, it belongs to the latest where nothing else says.
   */
  const placeOf = ({ index, id, function: called }: CallPiece): number => {
    const byIndex = index == null ? undefined : places.get(index)
    const isOfIndex = !id || (byIndex !== undefined && calls[byIndex]?.id === id)
    const known = isOfIndex ? byIndex : (places.get(id) ?? byIndex)
    const before = known === undefined ? undefined : calls[known]
    const name = called.name ?? ''
    const isNewIndex = index != null && byIndex === undefined
    const begins = name === '' ? calls.length === 0 : before === undefined || isAnother(before, { id, name, written: argumentsText(called.arguments), isNewIndex, isOfIndex: byIndex === known })
    if (begins) {
      calls.push({ ...(id && { id }), name: '', arguments: argumentsInPieces(), untold: '', given: givenInPieces('call') })
      if (id) places.set(id, calls.length - 1)
    }
    const place = begins ? calls.length - 1 : (known ?? calls.length - 1)
    if (index != null && (begins || (isNewIndex && known !== undefined))) places.set(index, place)
    return place
  }
  const tell = (call: Call, place: number, added: string): void => {
    onDelta({ type: 'call', index: place, ...(call.id !== undefined && { id: call.id }), ...(call.untold !== '' && { name: call.untold }), arguments: added })
    call.untold = ''
  }
  return {
    take: (piece: CallPiece): void => {
      const place = placeOf(piece)
      const call = calls[place]
      if (call === undefined) return
      const name = piece.function.name ?? ''
      const text = argumentsText(piece.function.arguments)
      // Some repeat the name with every piece, some cut it in two.
      const named = call.name === '' || (call.arguments.written === '' && name !== call.name) ? name : ''
      call.given.take(piece)
      call.name += named
      call.untold += named
      const added = call.arguments.take(text)
      if (call.arguments.written !== '') tell(call, place, added)
    },
    begun: (): boolean => calls.length > 0,
    /** Characters of names and arguments. */
    written: (): number => calls.reduce((sum, { name, arguments: given }) => sum + name.length + given.written.length, 0),
    /** Each has all its arguments, as far as can be seen. */
    areWhole: (): boolean => calls.every(({ arguments: given }) => isJson(given.written)),
    /** The arguments of one have begun, and are none yet. */
    areBegunOnly: (): boolean => calls.some(({ arguments: given }) => given.written.trim() !== '' && !isJson(given.written)),
    /** As they stand in a message. Nothing more comes. */
    whole: () => {
      for (const [place, call] of calls.entries()) {
        const added = call.arguments.end()
        if (added !== '') tell(call, place, added)
      }
      return calls.map(({ id, name, arguments: { written }, given }) => ({ ...given.whole(), ...(id !== undefined && { id }), type: 'function', function: { name, arguments: written } }))
    },
  }
}

/**
 * Whether a piece with a name begins another call than the one that its index or id names: it has another id, another name under a new index,
 * or follows whole arguments and is no repetition of the name. Under a call's own id and index, its name is always one. A call that is begun
 * under its index once more before all of its arguments have come is the same, whatever id it has then: some give each piece an id of its own.
 */
function isAnother(before: Call, piece: { readonly id: string | null | undefined; readonly name: string; readonly written: string; readonly isNewIndex: boolean; readonly isOfIndex: boolean }): boolean {
  const begunAnew = (): boolean => piece.isOfIndex && !piece.isNewIndex && before.name === piece.name && (before.arguments.written === '' || (!isJson(before.arguments.written) && !isJson(piece.written)))
  if (piece.id && before.id !== undefined && piece.id !== before.id) return !begunAnew()
  if (before.name === '') return false
  if (piece.isNewIndex && piece.name !== before.name) return true
  const repeats = piece.name === before.name && (piece.written === '' || (before.id !== undefined && !piece.isNewIndex))
  return !repeats && before.arguments.written.trimStart().startsWith('{') && isJson(before.arguments.written)
}
