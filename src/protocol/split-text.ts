import { withoutHalf } from './well-formed.ts'

/**
 * Splits a text into parts of at most `length` characters, at the last paragraph's end that fits, else sentence, line or
 * word; only a "word" longer than a part is cut. Joined with nothing but the white space between them the parts are the text.
 */
export function split(text: string, length: number): string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (rest.length > length) {
    const end = lastBreak(rest.slice(0, length + 1)) ?? withoutHalf(rest.slice(0, length)).length
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? parts : [...parts, rest]
}

/** Breaks in the first half would make many small parts: a lesser break in the second half is better. */
function lastBreak(text: string): number | undefined {
  const breaks = [/\n\s*\n/g, /(?:[.!?…]["'”’)\]]*\s|[。！？]["'”’」』)）\]]*)/g, /\n/g, /\s/g]
  for (const pattern of breaks) {
    const last = Array.from(text.matchAll(pattern)).at(-1)
    if (last && last.index >= text.length / 2) return pattern === breaks[1] ? last.index + last[0].length : last.index
  }
  return undefined
}
