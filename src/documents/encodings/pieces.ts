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
  const whole = (startsNarrow(bytes, first) ? withNarrow(buffer) : buffer).toString('latin1')
  const inner = withoutNulsAround(whole)
  if ((inner.match(hole)?.length ?? 0) > 1 + inner.length / bytesForHole) return undefined
  const without = Buffer.from(inner.replaceAll(hole, '\n'), 'latin1')
  return isUtf8(without) ? without : undefined
}
const sample = 1024 * 1024
const hole = /\0+/g
const halves = /\u00ed[\u00a0-\u00af][\u0080-\u00bf]\u00ed[\u00b0-\u00bf][\u0080-\u00bf]/

/** Whether words in UTF-8 stand before the first NUL, or the first mark of UTF-16: so no UTF-16 of Latin letters begins. */
export function startsNarrow(bytes: Uint8Array, first = bytes.indexOf(0)): boolean {
  const head = Buffer.from(bytes.subarray(0, Math.max(0, Math.min(first - 1, 400)))).toString('latin1')
  const mark = head.indexOf('\u00ff\u00fe')
  const words = mark < 0 ? head : head.slice(0, mark)
  // A line of UTF-16 may begin with other letters than Latin ones.
  const lines = words.slice(0, words.lastIndexOf('\n') + 1)
  return ((mark >= 0 || first >= 8) && /[\n ]/.test(words) && narrow.test(words)) || (lines.length >= 8 && narrow.test(lines))
}
/** It may be cut within a character. */
const narrow = /^(?:[\t\n\r\u001b -~]|[\u00c2-\u00f4][\u0080-\u00bf]+)+[\u00c2-\u00f4]?$/

/** Lines of UTF-16 (the little end first, as Windows writes it) become UTF-8, as the lines around them are. */
function withNarrow(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let done = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const isMarked = bytes[at] === 0xff && bytes[at + 1] === 0xfe
    if (!isMarked && ![0, 2, 4, 6].every((letter) => isLatin(bytes, at + letter))) continue
    const end = endOfWide(bytes, at)
    const begin = isMarked ? at : beginOfLine(bytes, at, done)
    parts.push(bytes.subarray(done, begin), Buffer.from(bytes.subarray(begin, end).toString('utf16le').replace(/^\ufeff/, '')))
    done = end
    at = end - 1
  }
  return Buffer.concat([...parts, bytes.subarray(done)])
}

/** A Latin letter of UTF-16, or a line end among them. */
function isLatin(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] ?? 0
  return bytes[at + 1] === 0 && (byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte <= 0x7e) || byte >= 0xa0)
}

/** So many other characters may stand between two Latin letters of a line. */
const mostOthers = 40

/** Where the line of UTF-16 begins in which Latin letters stand here: others may stand before them, as `“` does. */
function beginOfLine(bytes: Buffer, letters: number, from: number): number {
  const first = Math.max(from, letters - 2 * mostOthers)
  const line = bytes.subarray(first, letters).lastIndexOf(10) + 1 + first
  return line === first || (letters - line) % 2 === 1 || narrow.test(bytes.toString('latin1', line, letters)) ? letters : line
}

/**
 * Where UTF-16 ends that begins here. Signs and letters of other blocks among Latin ones are part of it, such as `’` and `—`. Programs change the encoding
 * between lines: behind a line end two bytes that are letters of UTF-8 are the next line, within a line only eight are.
 */
function endOfWide(bytes: Buffer, from: number): number {
  let at = from + 2
  while (at + 1 < bytes.length) {
    if (isLatin(bytes, at)) {
      at += 2
      continue
    }
    const isBehindLine = bytes[at - 2] === 10 && bytes[at - 1] === 0
    if (narrow.test(bytes.toString('latin1', at, at + (isBehindLine ? 2 : 8)))) break
    let next = at
    while (next < at + 2 * mostOthers && next + 1 < bytes.length && !isLatin(bytes, next) && (bytes[next] !== 0 || bytes[next + 1] !== 0)) next += 2
    if (next + 1 < bytes.length && !isLatin(bytes, next)) break
    at = next
  }
  return Math.min(at, bytes.length)
}

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
