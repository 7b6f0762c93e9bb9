import { graphemes } from '../../protocol/characters.ts'

const usualPiece = 256

/**
 * A text as the characters that people see, from where one of them begins. It is read in pieces, each from where a character begins, since Node
 * takes a time for one text that grows with the square of its length. What a piece ends with may go on in the next one, so it is read again with that.
 */
export function* graphemesFrom(text: string, start: number): Generator<string, undefined> {
  let place = start
  let size = usualPiece
  while (place < text.length) {
    const end = pieceEnd(text, place + size)
    const characters = segmentsOf(text.slice(place, end))
    if (end < text.length) characters.pop()
    for (const character of characters) {
      yield character
      place += character.length
    }
    size = characters.length === 0 ? size * 2 : usualPiece
  }
  return undefined
}

export const graphemesOf = (text: string): string[] => [...graphemesFrom(text, 0)]

/** The character that a text ends with. */
export const lastGrapheme = (text: string): string => (text === '' ? '' : (graphemes.segment(text).containing(text.length - 1)?.segment ?? ''))

/** And begins with. */
export const firstGrapheme = (text: string): string => graphemes.segment(text).containing(0)?.segment ?? ''

/** Each of these signs is a character by itself, next to any other of them. */
const isPlain = (text: string): boolean => /^[\n\x20-\x7e]*$/.test(text)

const segmentsOf = (text: string): string[] => (isPlain(text) ? text.split('') : Array.from(graphemes.segment(text), ({ segment }) => segment))

/** Never between the two halves of a code point. */
const pieceEnd = (text: string, place: number): number => (/[\udc00-\udfff]/.test(text.charAt(place)) ? place + 1 : place)
