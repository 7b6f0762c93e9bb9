import { graphemesFrom } from '../terminal/graphemes.ts'
import { drawnCharacter } from './drawn-character.ts'

/** The rows that a text takes. They are worked out from its beginning on, only as far as they are asked for. */
export interface TextRows {
  /** Where the row begins; undefined where the text has fewer. */
  start(row: number): number | undefined
  /** In which row the place is. */
  rowAt(place: number): number
}

/**
 * Breaks texts into rows of so many columns, one text after the other: of a text that is another one than the last in a few places, as after a
 * key, only what follows the first of them is read anew.
 */
export function rowBreaker(): (text: string, columns: number) => TextRows {
  let known = { text: '', columns: 0 }
  let starts: number[] = [0]
  let breaks = breaksFrom('', 0, 0)
  const start = (row: number): number | undefined => {
    while (starts.length <= row) {
      const { value } = breaks.next()
      if (value === undefined) return undefined
      starts.push(value)
    }
    return starts[row]
  }
  const rowAt = (place: number): number => {
    while ((starts.at(-1) ?? 0) <= place && start(starts.length) !== undefined) continue
    return starts.findLastIndex((begin) => begin <= place)
  }
  return (text, columns) => {
    if (text !== known.text || columns !== known.columns) {
      starts = columns === known.columns ? unchangedStarts(starts, sharedLength(text, known.text)) : [0]
      breaks = breaksFrom(text, starts.at(-1) ?? 0, columns)
      known = { text, columns }
    }
    return { start, rowAt }
  }
}

/** Where the rows behind the first one begin. */
function* breaksFrom(text: string, from: number, columns: number): Generator<number, undefined> {
  let place = from
  let taken = 0
  for (const character of graphemesFrom(text, from)) {
    const { width, isBreak } = drawnCharacter(character)
    if (taken > 0 && taken + width > columns) {
      yield place
      taken = 0
    }
    place += character.length
    taken += width
    if (isBreak) {
      yield place
      taken = 0
    }
  }
  return undefined
}

/**
 * Where a row begins depends on all before it, and on the character that it begins with, which the next code point may change. So a row stays
 * where the next one begins within what is the same.
 */
function unchangedStarts(starts: readonly number[], shared: number): number[] {
  const same = starts.findLastIndex((start) => start + 2 <= shared)
  return starts.slice(0, Math.max(1, same))
}

const step = 4_096

/** How much two texts have in common at their beginnings. */
function sharedLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && one.slice(length, length + step) === other.slice(length, length + step)) length += step
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1
  return Math.min(length, one.length, other.length)
}
