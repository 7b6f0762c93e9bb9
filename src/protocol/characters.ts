/** What people take for one character. */
export const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Nothing that a person takes for one character is longer, but for play: 👩‍👩‍👧‍👦 is 11. */
const longest = 40
const isLowHalf = /^[\uDC00-\uDFFF]/
const ofFlag = /^\p{RI}$/u

/** Where a text may be cut in two at a place: before what a person takes for one character, its marks, parts and colour of skin included. */
export function characterAt(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return Math.min(Math.max(at, 0), text.length)
  const from = beginning(text, Math.max(0, at - longest))
  const index = graphemes.segment(text.slice(from, at + longest)).containing(at - from)?.index ?? at - from
  // Half of a pair is cut off all the same.
  return index > 0 || from === 0 ? from + index : at - (isLowHalf.test(text.charAt(at)) ? 1 : 0)
}

/** Of two letters each, the flags in a row are told apart from their first one on. */
function beginning(text: string, at: number): number {
  let from = at - (isLowHalf.test(text.charAt(at)) ? 1 : 0)
  while (from >= 2 && ofFlag.test(text.slice(from - 2, from))) from -= 2
  return from
}
