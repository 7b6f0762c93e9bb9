/**
 * A value as JSON of which every sign is seen, and in its place: those that turn the order of letters round, or that nobody sees, are written as
 * their numbers. It is read as the same value again.
 */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[\p{DI}\p{Cf}\p{Co}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (sign) => sign.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))

const textOrInteger = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** Programs take such a number as another one, near to it: an id would be another's. */
function assertKept(text: string): void {
  for (const [part] of text.matchAll(textOrInteger)) {
    if (/^-?[1-9]\d*$/.test(part) && String(Number(part)) !== part) throw new Error(`${part} would become ${Number(part)}: no number of that size is kept exactly. Write it as a text, in "double quotes".`)
  }
}

/** What a person has written. @throws Error that says what would be right */
export function jsonIn(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('This is not JSON: names and texts stand in "double quotes", and nothing follows the last one of a list.')
  }
  assertKept(text)
  return value
}
