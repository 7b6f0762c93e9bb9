import { decodeAs } from './encodings/decode-as.ts'
import { declaredEncoding } from './encodings/declared.ts'
import { guessedEncoding, isShort } from './encodings/guessed.ts'
import { asMostlyUtf8 } from './encodings/utf8.ts'
import { likeness } from './encodings/likeness.ts'
import { inOneEncoding, startsNarrow } from './encodings/pieces.ts'
import { decodeSevenBit } from './encodings/seven-bit.ts'
import { DocumentProblem } from './problem.ts'
import { withoutTerminalSigns } from './terminal-signs.ts'

const byteOrderMarks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** Characters in which signs of something else than text are looked for. */
const sample = 64 * 1024

/**
 * The text of a file: by its byte order mark, as UTF-8 where it is UTF-8 (a few bad bytes make no other encoding of it), by what it declares, else
 * in the encoding that its bytes look like where its letters are. Line ends become `\n`.
 * @throws DocumentProblem `document-binary`
 */
export function decodeText(bytes: Uint8Array, extension: string): string {
  const text = withSigns(decoded(bytes, extension))
  if (text === undefined && isShort(bytes) && !bytes.includes(0)) throw new DocumentProblem('document-binary', 'has too few letters to tell the encoding that they are in; save it as UTF-8')
  if (text === undefined || isBinary(text)) throw new DocumentProblem('document-binary', 'is not text in any encoding known here; save it as UTF-8, or convert it to PDF, DOCX or HTML')
  return withoutTerminalSigns(text).replaceAll('\ufeff', '').replace(/\u001a\s{0,4}$/, '').replaceAll(/\r\n?/g, '\n')
}

/** Signs of Windows that went through a program which took them for ISO's: quotation marks, dashes and the euro as control characters. */
function withSigns(text: string | undefined): string | undefined {
  if (text === undefined || !control.test(text)) return text
  // Mainframes end their lines by one of them.
  const ended = text.includes('\n') ? text : text.replaceAll('\u0085', '\n')
  return ended.replaceAll(new RegExp(control, 'g'), (sign) => decodeAs(Uint8Array.of(sign.charCodeAt(0)), 'windows-1252'))
}
const control = /[\u0080\u0082-\u008c\u008e\u0091-\u009c\u009e\u009f]/

function decoded(bytes: Uint8Array, extension: string): string | undefined {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))
  if (marked !== undefined) {
    const [encoding, mark] = marked
    // Some programs write a mark, and others put text of another encoding behind it.
    const rest = bytes.subarray(mark.length)
    return isBelied(encoding, rest) ? withoutMark(rest, extension) : decodeAs(bytes, encoding)
  }
  return withoutMark(bytes, extension)
}

function withoutMark(given: Uint8Array, extension: string): string | undefined {
  const bytes = inOneEncoding(given) ?? given
  const wide = wideWithoutMark(bytes) ?? wideByLetters(bytes)
  if (wide !== undefined) return decodeAs(bytes, wide)
  const sevenBit = decodeSevenBit(bytes)
  if (sevenBit !== undefined) return sevenBit
  const strict = asUtf8(bytes)
  if (strict !== undefined) return strict
  const declared = declaredEncoding(bytes, extension)
  if (declared !== undefined && declared !== 'utf-8') {
    const text = tryAs(bytes, declared)
    if (text !== undefined) return text
  }
  const mostly = asMostlyUtf8(bytes)
  if (mostly !== undefined && (declared === 'utf-8' || !isShort(bytes))) return mostly
  const guessed = guessedEncoding(bytes, mostly)
  if (guessed !== undefined) return decodeAs(bytes, guessed)
  // It says that it is UTF-8, and nothing says what else.
  return declared === 'utf-8' ? new TextDecoder().decode(bytes) : undefined
}

/** Letters of ASCII at even and odd places, which are valid UTF-8, are no UTF-16; and letters that are no UTF-8 at all are none. */
function isBelied(encoding: string, rest: Uint8Array): boolean {
  if (encoding === 'utf-8') return asUtf8(rest) === undefined && asMostlyUtf8(rest) === undefined && guessedEncoding(rest) !== undefined
  return encoding.startsWith('utf-16') && rest.length >= 8 && isOfLatinLetters(rest.subarray(0, 4_096)) && asUtf8(rest) !== undefined && likeness(decodeAs(rest, encoding)) < leastWide
}

/** Undefined for a name that nobody knows, and where the text would be riddled with what that encoding lacks. */
function tryAs(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    const text = decodeAs(bytes, encoding)
    const bad = text.slice(0, sample).split('\ufffd').length - 1
    return bad > 3 && bad > Math.min(text.length, sample) / 200 ? undefined : text
  } catch {
    return undefined
  }
}

function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** UTF-16 without its mark: of Latin letters every second byte is 0. */
function wideWithoutMark(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 4_096)
  if (head.length < 8 || startsNarrow(head)) return undefined
  let [even, odd] = [0, 0]
  for (const [index, byte] of head.entries()) {
    if (byte !== 0) continue
    if (index % 2 === 0) even += 1
    else odd += 1
  }
  const many = (head.length / 2) * 0.6
  if (odd > many && even === 0) return 'utf-16le'
  return even > many && odd === 0 ? 'utf-16be' : undefined
}

/** Of other letters: no text in bytes has control characters, which half of such a character often is, and as UTF-16 it looks like a language one way round. */
function wideByLetters(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 4_096)
  if (bytes.length % 2 === 1 || isOfLatinLetters(head) || !head.some((byte) => byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27)) return undefined
  const [little = -1, big = -1] = ['utf-16le', 'utf-16be'].map((encoding) => {
    const text = decodeAs(head, encoding)
    return isBinary(text) ? -1 : likeness(text)
  })
  if (Math.max(little, big) < leastWide || Math.abs(little - big) < leastWide) return undefined
  return little > big ? 'utf-16le' : 'utf-16be'
}
const leastWide = 0.35

/** Of UTF-16 one half of the bytes says of which block the characters are. */
function isOfLatinLetters(head: Uint8Array): boolean {
  const letters: [even: number, odd: number] = [0, 0]
  for (const [index, byte] of head.entries()) if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters[index % 2 === 0 ? 0 : 1] += 1
  return Math.min(...letters) > head.length * 0.2
}

/** No text holds the character 0, nor many other control characters, nor many that could not be decoded. */
function isBinary(text: string): boolean {
  const head = text.slice(0, sample)
  if (head.includes('\0')) return true
  let odd = 0
  for (let at = 0; at < head.length; at += 1) {
    const code = head.charCodeAt(at)
    if ((code < 32 && !(code >= 8 && code <= 13) && code !== 27) || (code >= 0x7f && code < 0xa0 && code !== 0x85) || code === 0xfffd) odd += 1
  }
  return odd > 4 && odd > head.length / 50
}
