export interface Occurrence {
  readonly start: number
  readonly end: number
}

/** What the same text is written with: other spaces, another quote, dash or width of a letter, and what cannot be seen. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/\p{Default_Ignorable_Code_Point}/gu, ''],
  [/[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu, ' '],
  [/[‘’‚‛′ʻʼʽʾʿ`´‹›]/gu, "'"],
  [/[“”„‟″«»]/gu, '"'],
  [/[‐‑‒–—―−]/gu, '-'],
  [/…/gu, '...'],
  [/\r\n?/gu, '\n'],
]
/** Letters of full and of half width, and ligatures. */
const otherLetters = /[\uff01-\uffdc\ufb00-\ufb06][\uff9e\uff9f]?/gu
const pieces = /\r\n|[\uff66-\uff9d][\uff9e\uff9f]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[^]\p{M}*/gu

function written(piece: string): string {
  let plain = piece.normalize('NFC')
  for (const [pattern, form] of forms) plain = plain.replace(pattern, form)
  return plain.replace(otherLetters, (letter) => letter.normalize('NFKC'))
}

/**
 * Where a text stands in another one: letter for letter, or, where it does not stand there so, written with other signs that mean the same.
 * Case and accents count: another word is not the same text. Occurrences do not overlap.
 */
export function occurrencesOf(text: string, within: string): readonly Occurrence[] {
  if (text === '') return []
  const exact: Occurrence[] = []
  for (let start = within.indexOf(text); start >= 0; start = within.indexOf(text, start + text.length)) exact.push({ start, end: start + text.length })
  return exact.length > 0 ? exact : inOtherSigns(text, within)
}

function inOtherSigns(text: string, within: string): readonly Occurrence[] {
  const sought = Array.from(text.matchAll(pieces), ([piece]) => written(piece)).join('').replaceAll(/ +/g, ' ')
  if (sought.trim() === '') return []
  let plain = ''
  /** Where the pieces begin and end, by their places in the plain text. */
  const starts = new Map<number, number>()
  const ends = new Map<number, number>()
  for (const { 0: piece, index } of within.matchAll(pieces)) {
    const form = written(piece)
    if (form === '') continue
    // Spaces in a row are one.
    if (form !== ' ' || !plain.endsWith(' ')) {
      starts.set(plain.length, index)
      plain += form
    }
    ends.set(plain.length, index + piece.length)
  }
  const found: Occurrence[] = []
  for (let at = plain.indexOf(sought); at >= 0; ) {
    const start = starts.get(at)
    const end = ends.get(at + sought.length)
    const whole = start !== undefined && end !== undefined
    if (whole) found.push({ start, end })
    at = plain.indexOf(sought, at + (whole ? sought.length : 1))
  }
  return found
}
