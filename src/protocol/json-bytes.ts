const plain = /^[ !#-[\]-~]*$/

/** Bytes of a text in JSON as UTF-8, quotes included: what it takes in a history. */
export function jsonBytes(text: string): number {
  // Most ids are plain; in the sandbox there is no Buffer to ask.
  if (plain.test(text)) return text.length + 2
  let bytes = 2
  for (const character of JSON.stringify(text).slice(1, -1)) bytes += utf8Bytes(character)
  return bytes
}

/** Bytes of a text as UTF-8. Half a surrogate pair counts as the three bytes that stand in for it. */
export function textBytes(text: string): number {
  let bytes = 0
  for (const character of text) bytes += utf8Bytes(character)
  return bytes
}

function utf8Bytes(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
