import { graphemesOf } from '../terminal/graphemes.ts'
import type { EditBuffer } from './edit-buffer.ts'

/**
 * Puts as much of a word into the line as all that it can become have in common; a blank behind it where there is only one.
 * @returns what it can become, where one has to choose
 */
export function completeWord(buffer: EditBuffer, { from, words }: { readonly from: number; readonly words: readonly string[] }): { readonly buffer: EditBuffer; readonly options: readonly string[] } {
  const [first] = words
  if (first === undefined) return { buffer, options: [] }
  const common = words.reduce(sharedBeginning, first)
  const written = buffer.text.slice(from, buffer.cursor)
  const put = words.length === 1 ? `${first} ` : common.length >= written.length ? common : written
  const text = buffer.text.slice(0, from) + put + buffer.text.slice(buffer.cursor)
  return { buffer: { text, cursor: from + put.length }, options: words.length === 1 ? [] : words }
}

/** In whole characters: what one of them is made of is no word's beginning. */
function sharedBeginning(one: string, other: string): string {
  const others = graphemesOf(other)
  const characters = graphemesOf(one)
  const differs = characters.findIndex((character, index) => character !== others[index])
  return characters.slice(0, differs === -1 ? characters.length : differs).join('')
}
