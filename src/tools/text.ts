import { queryWordsOf } from '../stores/words.ts'

/** The beginning of a text that is too long, with a note of its whole length. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${whole(text.slice(0, length))}… (cut; ${text.length} characters in all)`
}

/**
 * The part of a long text where words of the query stand, so that a hit in the middle of a page shows what was hit.
 * Texts up to `length` are given whole.
 */
export function excerpt(text: string, query: string, length: number): string {
  if (text.length <= length) return text
  const lower = text.toLowerCase()
  // The longest word says most. A word that stands there with accents is not seen: then it is the beginning that is shown.
  const words = queryWordsOf(query).toSorted((left, right) => right.length - left.length)
  const hit = words.map(word => lower.indexOf(word)).find(position => position >= 0) ?? 0
  if (hit < length * 0.75) return cut(text, length)
  const start = Math.min(hit - Math.floor(length / 4), text.length - length)
  const end = start + length
  return `…${whole(text.slice(start, end))}${end < text.length ? '…' : ''} (cut; characters ${start + 1}-${end} of ${text.length})`
}

/** No half of a surrogate pair at either end: a lone half is no valid UTF-8. */
function whole(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]/, '').replace(/[\uD800-\uDBFF]$/, '')
}

/**
 * Splits a text into parts of at most `length` characters, at the last paragraph's end that fits, else sentence, line or
 * word; only a "word" longer than a part is cut. Joined with nothing but the white space between them the parts are the text.
 */
export function split(text: string, length: number): string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (rest.length > length) {
    const end = lastBreak(rest.slice(0, length + 1)) ?? length - (/[\uD800-\uDBFF]/.test(rest.charAt(length - 1)) ? 1 : 0)
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? parts : [...parts, rest]
}

/** Breaks in the first half would make many small parts: a lesser break in the second half is better. */
function lastBreak(text: string): number | undefined {
  const breaks = [/\n\s*\n/g, /[.!?…。！？]["'”’)\]]*\s/g, /\n/g, /\s/g]
  for (const pattern of breaks) {
    const last = Array.from(text.matchAll(pattern)).at(-1)
    if (last && last.index >= text.length / 2) return pattern === breaks[1] ? last.index + last[0].length : last.index
  }
  return undefined
}
