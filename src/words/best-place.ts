import { setImmediate as afterOthers } from 'node:timers/promises'
import { languageIn, placesOf, questionsOf, type Place } from './words.ts'

/**
 * Where in a text most of a query's words stand together, within half of `length`, in whatever form of them; 0 where none does. A word that is long, and rare
 * in this text, says most.
 */
export function bestPlace(text: string, query: string, length: number): number {
  const pieces = placesAskedFor(text, query)
  let looked = pieces.next()
  while (looked.done !== true) looked = pieces.next()
  return bestOf(looked.value, length)
}

/** The same for who serves others: they have their turn behind each piece of a long text. */
export async function bestPlaceByTurns(text: string, query: string, length: number): Promise<number> {
  const pieces = placesAskedFor(text, query)
  let looked = pieces.next()
  while (looked.done !== true) {
    await afterOthers()
    looked = pieces.next()
  }
  return bestOf(looked.value, length)
}

function bestOf(places: readonly Place[], length: number): number {
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

/** Of the first question that has any, as in the search that found the text. Yields behind each piece that was looked through. */
function* placesAskedFor(text: string, query: string): Generator<undefined, readonly Place[]> {
  const language = languageIn(text.slice(0, atOnce))
  for (const words of questionsOf(query)) {
    const forms = new Set(words.flatMap(({ word, stem }) => [word, stem ?? word]))
    const places: Place[] = []
    for (const { piece, start } of piecesOf(text)) {
      for (const { word, at } of placesOf(piece, forms, language)) places.push({ word, at: start + at })
      yield
    }
    if (places.length > 0) return places
  }
  return []
}

/** The words of so many characters are found in some milliseconds. */
const atOnce = 4_096
/** A longer word may be cut in two, and is not found then. */
const longestWord = 200

/** Cut behind spaces, where there are any. */
function* piecesOf(text: string): Generator<{ readonly piece: string; readonly start: number }> {
  for (let start = 0; start < text.length; ) {
    const most = text.slice(start, start + atOnce)
    const tail = most.slice(-longestWord)
    const space = start + most.length < text.length ? /\s\S*$/u.exec(tail)?.index : undefined
    const piece = space === undefined ? most : most.slice(0, most.length - tail.length + space + 1)
    yield { piece, start }
    start += piece.length
  }
}
