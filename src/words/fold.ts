import { plainDigits, plainLetters } from './letters.ts'

/** A piece of a text in its plain form, and where it stands in the text. */
export interface FoldedPiece {
  readonly folded: string
  readonly start: number
}

/** Stands between the humps of camelCase in a folded text. Nothing else is folded to it. */
export const hump = '\u2060'
/** What spaces that keep a number together are folded to. */
export const narrowSpace = '\u202f'

// ASCII as one piece; else a letter with its marks. A Hangul syllable may come in its parts, and the marks of kana as signs of their own.
const piecePattern = /[\u{0}-\u{7f}]+(?!\p{M})|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\u3041-\u30ff\uff66-\uff9d][\u309b\u309c\uff9e\uff9f]|[^]\p{M}*/gu
const humpsOfAscii = /(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/
/** Soft hyphens, zero width signs, marks of direction, selectors; but the letters that make a flag of 🏴 are kept. */
const unseen = /(?![\u{e0020}-\u{e007f}])\p{Default_Ignorable_Code_Point}/gu
/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, circles around signs. The vowel signs of other scripts are letters in all but name. */
const accents = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u20d0-\u20ff]/gu
const noLetters = /[\u0640\u{1f3fb}-\u{1f3ff}]/gu
/** What people and keyboards write for the apostrophe of a word: the ʻokina, the letters for ayn and hamza, quotation marks, primes, accents that stand alone. */
const apostrophes = /[\u02b9\u02bb-\u02bf\u2018\u2019\u201b\u2032\u00b4\u05f3\ua78b\ua78c]/gu
const keepingSpaces = /[\u00a0\u2007\u2009\u202f]/gu

/**
 * The pieces of a text in their plain forms, so that what people take for the same text is the same: without case, accents, compatibility
 * forms (`ﬁ`, full width), strokes of letters, tatweel, and what cannot be seen. `humps`: a sign between the words of `camelCase`.
 */
export function* foldedPieces(text: string, { humps = false } = {}): Generator<FoldedPiece> {
  let before = ''
  for (const { 0: piece, index } of text.matchAll(piecePattern)) {
    if (humps && humpBetween(before, piece)) yield { folded: hump, start: index }
    before = piece
    if (piece.charCodeAt(0) < 0x80 && piece.charCodeAt(piece.length - 1) < 0x80) {
      let start = index
      for (const [place, word] of (humps ? piece.split(humpsOfAscii) : [piece]).entries()) {
        if (place > 0) yield { folded: hump, start }
        yield { folded: word.toLowerCase(), start }
        start += word.length
      }
    } else {
      const folded = foldPiece(piece)
      if (folded !== '') yield { folded, start: index }
    }
  }
}

function humpBetween(before: string, piece: string): boolean {
  return /[\p{Ll}][\p{M}]*$/u.test(before.slice(-4)) && /^\p{Lu}/u.test(piece)
}

function foldPiece(piece: string): string {
  const plain = piece
    .replace(unseen, '').replace(keepingSpaces, narrowSpace).replace(apostrophes, "'")
    .replace(/[\u309b\uff9e]$/u, '\u3099').replace(/[\u309c\uff9f]$/u, '\u309a')
  if (plain === narrowSpace) return plain
  // By way of upper case, which makes `ß` and `SS`, `ς` and `Σ` the same; the capital of `ß` has to be a small letter before that.
  const lower = plain.normalize('NFKD').replace(accents, '').replace(noLetters, '').toLowerCase().toUpperCase().toLowerCase().normalize('NFKD').replace(accents, '')
  return plainDigits(plainLetters(lower.replaceAll('ς', 'σ'))).normalize('NFC')
}

/** The plain form of a text. */
export function fold(text: string): string {
  let folded = ''
  for (const piece of foldedPieces(text)) folded += piece.folded
  return folded
}
