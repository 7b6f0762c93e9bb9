/** How many characters of several bytes have to be right for each place that is wrong. */
const rightForWrong = 10

/** Of a text that is UTF-8 but for a few bytes: two files were put together, or one byte was lost. Undefined for what is not. */
export function asMostlyUtf8(bytes: Uint8Array): string | undefined {
  let right = 0
  let wrong = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) {
      at += 1
      continue
    }
    const more = byte >= 0xf0 && byte < 0xf5 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 && byte < 0xe0 ? 1 : 0
    const follows = more > 0 && byte < 0xf5 && Array.from(bytes.subarray(at + 1, at + 1 + more)).every((next) => (next & 0xc0) === 0x80) && at + more < bytes.length
    if (follows) right += 1
    else wrong += 1
    at += follows ? more + 1 : 1
  }
  return right >= 1 && right >= wrong * rightForWrong ? new TextDecoder().decode(bytes) : right >= 2 && wrong === 1 ? new TextDecoder().decode(bytes) : undefined
}
