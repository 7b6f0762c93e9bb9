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

function sharedBeginning(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}
