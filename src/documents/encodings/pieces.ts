/** So many NULs, one after the other, a text of this many bytes may have once more. */
const bytesForHole = 2_000

/**
 * The bytes of a text into which programs have put others: lines of UTF-16 behind lines of UTF-8, as PowerShell appends them to a log; characters of four bytes
 * in two halves of three, as Java and old databases write them (CESU-8); NULs where a log was cut while it was written, or the power failed. Undefined for
 * what has none of these.
 */
export function inOneEncoding(bytes: Uint8Array): Uint8Array | undefined {
  const first = bytes.indexOf(0)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (first < 0) return halves.test(buffer.subarray(0, sample).toString('latin1')) ? Buffer.from(withWholeCharacters(buffer.toString('latin1')), 'latin1') : undefined
  const text = buffer.toString('latin1')
  const whole = startsNarrow(bytes, first) ? text.replaceAll(wideRun, (run) => Buffer.from(Buffer.from(run, 'latin1').toString('utf16le').replace(/^\ufeff/, '')).toString('latin1')) : text
  const inner = withoutNulsAround(whole)
  if ((inner.match(hole)?.length ?? 0) > 1 + inner.length / bytesForHole) return undefined
  const without = Buffer.from(inner.replaceAll(hole, '\n'), 'latin1')
  return isUtf8(without) ? without : undefined
}
const sample = 1024 * 1024
const hole = /\0+/g
const halves = /\u00ed[\u00a0-\u00af][\u0080-\u00bf]\u00ed[\u00b0-\u00bf][\u0080-\u00bf]/
/** Latin letters of UTF-16, and the line ends among them. */
const wideRun = /(?:\u00ff\u00fe)?(?:[\t\n\r\u0020-\u007e\u00a0-\u00ff]\0){4,}/g

/** Whether words in UTF-8 stand before the first NUL: so no UTF-16 of Latin letters begins. */
export const startsNarrow = (bytes: Uint8Array, first = bytes.indexOf(0)): boolean => first >= 8 && narrow.test(Buffer.from(bytes.subarray(0, Math.min(first - 1, 400))).toString('latin1'))
const narrow = /^(?=[^]*[\n ])(?:[\t\n\r -~]|[\u00c2-\u00f4][\u0080-\u00bf]+)+$/

function withoutNulsAround(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && text[from] === '\0') from += 1
  while (to > from && text[to - 1] === '\0') to -= 1
  return text.slice(from, to)
}

/** In bytes, as Latin letters. */
const withWholeCharacters = (text: string): string =>
  text.replaceAll(new RegExp(halves, 'g'), (pair) => {
    const [high, low] = [0, 3].map((at) => ((pair.charCodeAt(at + 1) & 0x3f) << 6) | (pair.charCodeAt(at + 2) & 0x3f) | 0xd000) as [number, number]
    return Buffer.from(String.fromCharCode(high, low)).toString('latin1')
  })

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
