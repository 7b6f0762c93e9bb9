import { characterAt } from '../protocol/characters.ts'
import { bestPlaceByTurns } from '../words/best-place.ts'

/** The beginning of a text that is too long, cut between what people take for characters, with a note of its whole length. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, characterAt(text, length))}… (cut; ${text.length} characters in all)`
}

/**
 * The part of a long text where most of the query's words stand together, in whatever form of them, so that a hit in the middle of a page
 * shows what was hit. Texts up to `length` are given whole. While a long one is looked through, what else the process has to do comes in between.
 */
export async function excerpt(text: string, query: string, length: number): Promise<string> {
  if (text.length <= length) return text
  const hit = await bestPlaceByTurns(text, query, length)
  if (hit < length * 0.75) return cut(text, length)
  const start = characterAt(text, Math.min(hit - Math.floor(length / 4), text.length - length))
  const end = characterAt(text, start + length)
  return `…${text.slice(start, end)}${end < text.length ? '…' : ''} (cut; characters ${start + 1}-${end} of ${text.length})`
}
