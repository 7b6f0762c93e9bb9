const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

const usualPiece = 256

/**
 * A text as the characters that people see. It is read in pieces, each from where a character begins, since Node takes a time for one text
 * that grows with the square of its length. What a piece ends with may go on in the next one, so it is read again with that.
 */
export function graphemesOf(text: string): string[] {
  const found: string[] = []
  let place = 0
  let size = usualPiece
  while (place < text.length) {
    const end = pieceEnd(text, place + size)
    const characters = segmentsOf(text.slice(place, end))
    if (end < text.length) characters.pop()
    for (const character of characters) {
      found.push(character)
      place += character.length
    }
    size = characters.length === 0 ? size * 2 : usualPiece
  }
  return found
}

const segmentsOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment)

/** Never between the two halves of a code point. */
const pieceEnd = (text: string, place: number): number => (/[\udc00-\udfff]/.test(text.charAt(place)) ? place + 1 : place)
