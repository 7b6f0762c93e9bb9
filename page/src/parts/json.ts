/**
 * A value as JSON of which every sign is seen, and in its place: those that turn the order of letters round, or that nobody sees, are written as
 * their numbers. It is read as the same value again.
 */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[\p{DI}\p{Cf}\p{Co}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (sign) => sign.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))

const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** A number without what only its form has: where its point stands, how many zeros are before and behind it. */
function digitsOf(number: string): string {
  const [, whole = '', fraction = '', power = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  return kept === '' ? '0' : `${kept} ${Number(power) - fraction.length + digits.length - kept.length}`
}

/** Programs take such a number as another one, near to it: an id would be another's. One that is too great for them they send as null. */
function assertKept(text: string): void {
  for (const [part] of text.matchAll(textOrNumber)) {
    if (part.startsWith('"')) continue
    const number = Number(part)
    if (!Number.isFinite(number)) throw new Error(`${part} is greater than any number that programs keep. Write it as a text, in "double quotes".`)
    if (digitsOf(part) !== digitsOf(String(number))) throw new Error(`${part} would become ${number}: no number with that many digits, or so near to zero, is kept exactly. Write it as a text, in "double quotes".`)
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
