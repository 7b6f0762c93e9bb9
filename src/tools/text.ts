import { withoutHalf } from '../protocol/well-formed.ts'
import { placesOf, questionsOf } from '../words/words.ts'

/** The beginning of a text that is too long, with a note of its whole length. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${whole(text.slice(0, length))}… (cut; ${text.length} characters in all)`
}

/**
 * The part of a long text where most of the query's words stand together, in whatever form of them, so that a hit in the middle of a page
 * shows what was hit. Texts up to `length` are given whole.
 */
export function excerpt(text: string, query: string, length: number): string {
  if (text.length <= length) return text
  const hit = bestPlace(text, query, length)
  if (hit < length * 0.75) return cut(text, length)
  const start = Math.min(hit - Math.floor(length / 4), text.length - length)
  const end = start + length
  return `…${whole(text.slice(start, end))}${end < text.length ? '…' : ''} (cut; characters ${start + 1}-${end} of ${text.length})`
}

/** A word that is long, and rare in this text, says most. */
function bestPlace(text: string, query: string, length: number): number {
  const places = placesAskedFor(text, query)
  const counts = new Map<string, number>()
  for (const { word } of places) counts.set(word, (counts.get(word) ?? 0) + 1)
  const inside = new Map<string, number>()
  let best = { at: 0, weight: 0 }
  let weight = 0
  let first = 0
  for (const { word, at } of places) {
    const weightOf = (other: string): number => (other.length * other.length) / (counts.get(other) ?? 1)
    if (!inside.has(word)) weight += weightOf(word)
    inside.set(word, (inside.get(word) ?? 0) + 1)
    for (let oldest = places[first]; oldest !== undefined && at - oldest.at > length / 2; oldest = places[first]) {
      first += 1
      const left = (inside.get(oldest.word) ?? 1) - 1
      if (left > 0) inside.set(oldest.word, left)
      else if (inside.delete(oldest.word)) weight -= weightOf(oldest.word)
    }
    // Not by the last digits of a sum.
    if (weight > best.weight * 1.000001) best = { at: places[first]?.at ?? at, weight }
  }
  return best.at
}

/** Of the first question that has any, as in the search that found the text. */
function placesAskedFor(text: string, query: string): ReturnType<typeof placesOf> {
  for (const words of questionsOf(query)) {
    const places = placesOf(text, new Set(words.flatMap(({ word, stem }) => [word, stem ?? word])))
    if (places.length > 0) return places
  }
  return []
}

/** No half of a surrogate pair at either end: a lone half is no valid UTF-8. */
function whole(text: string): string {
  return withoutHalf(text.replace(/^[\uDC00-\uDFFF]/, ''))
}
