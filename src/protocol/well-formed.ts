/**
 * A text without halves of surrogate pairs: each becomes U+FFFD. No UTF-8 holds them, so that a store would change them or refuse the
 * whole, and the same text would not be found to be the same again.
 */
export const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd')

/** Without a first half of a surrogate pair at its end, which has its second half elsewhere. */
export const withoutHalf = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '')

/** The beginning of a text that may be longer, cut between characters: half of one can't be stored, and endpoints refuse it. */
export const beginningOf = (text: string, characters: number): string => (text.length <= characters ? text : withoutHalf(text.slice(0, characters)))

/** The form of a label, a tag or a document's name, by which two that look alike are one: keyboards and files write `é` as one character, or as two. */
export const composed = (name: string): string => name.normalize('NFC')

/** An escape of a half, or any other one with what it escapes: so a backslash that is itself escaped begins none. */
const escape = /\\(?:ud[89a-f][0-9a-f]{2}|[^])/gi

/** The same of every text in a value of JSON, names of fields included. */
export function wellFormedJson(value: unknown): unknown {
  const text = JSON.stringify(value)
  // Halves are escaped by the encoder, so a text without escapes of theirs has none.
  return /\\ud[89a-f]/i.test(text) ? JSON.parse(text.replaceAll(escape, (found) => (found.length > 2 ? '\\ufffd' : found))) : value
}

