import type { Part } from '../part.ts'
import { textParts } from './text.ts'

/** A longer line was written by a program, for programs. */
const longLine = 1_000

/**
 * JSON as it is where people can read it, so that its lines are those of the file; of a long line, an element a line. Letters
 * that are written as `\u00e9` become what they are. Numbers stay as they are written.
 */
export function* jsonParts(text: string): Generator<Part> {
  yield* textParts(withShortLines(decodeSigns(decodeEscapes(text))))
}

/**
 * Programs escape more than they have to: `don\u0027t`, `https:\/\/`. Breaks of lines and tabs within a string become blanks: as they are written they would be
 * letters of the words behind them, `\nharbour`. Quotes and backslashes stay escaped. What stands in no string stays as it is, and so does a string with an
 * escape that JSON lacks: a person wrote `C:\new\Users` or an expression by hand.
 */
const decodeSigns = (text: string): string => (!text.includes('\\') ? text : text.replaceAll(pieceOfJson, (piece) => (piece.startsWith('"') && piece.includes('\\') && !hasOtherEscapes(piece) ? decodedString(piece) : piece)))
/** Strings end with their line, so that a lone quotation mark takes no others for its own. */
const pieceOfJson = /"(?:[^"\\\n]+|\\[^])*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g
const ofJson = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})$/
function hasOtherEscapes(string: string): boolean {
  for (const [escape] of string.matchAll(/\\(?:u[0-9a-fA-F]{4}|[^]|$)/g)) if (!ofJson.test(escape)) return true
  return false
}
const decodedString = (string: string): string =>
  string.replaceAll(/\\(?:u00([2-7][0-9a-fA-F])|u00(?:0[9-dA-D])|[^])/g, (whole, hex: string | undefined) => {
    if (hex === undefined) return whole.length > 2 || /[bfnrt]/.test(whole) ? ' ' : whole === '\\/' ? '/' : whole
    const sign = String.fromCharCode(Number.parseInt(hex, 16))
    return /["\\\u007f]/.test(sign) ? whole : sign
  })

/** Of records that are a line each, the short ones stay as they are. */
function withShortLines(text: string): string {
  let lines = ''
  let done = 0
  for (let from = 0; from < text.length; ) {
    const next = text.indexOf('\n', from)
    const end = next < 0 ? text.length : next
    if (end - from > longLine) {
      lines += text.slice(done, from) + laidOut(text.slice(from, end))
      done = end
    }
    from = end + 1
  }
  return lines + text.slice(done)
}

/** A backslash before the escape makes it text. Control characters, quotes and backslashes stay escaped. */
export const decodeEscapes = (text: string): string =>
  asOfBytes(text).replaceAll(/\\(?:u([0-9a-fA-F]{4})|[\s\S])/g, (whole, hex: string | undefined) => {
    const code = hex === undefined ? 0 : Number.parseInt(hex, 16)
    return code < 0x80 ? whole : String.fromCharCode(code)
  })

/**
 * Some programs, those of Facebook among them, escape each byte of a character of UTF-8 as if it were a character: `caf\u00c3\u00a9`. What is UTF-8 so is
 * nothing else.
 */
const asOfBytes = (text: string): string =>
  text.replaceAll(/(?<!\\)(?:\\u00[89a-f][0-9a-f]){2,}/gi, (run) => {
    const bytes = Uint8Array.from(run.match(/[0-9a-f]{2}(?=\\|$)/gi) ?? [], (hex) => Number.parseInt(hex, 16))
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch {
      return run
    }
  })

/** Breaks lines between the elements of lists and objects, outside strings. What is no JSON comes out as text too, and nothing is lost. */
function laidOut(text: string): string {
  const pieces: string[] = []
  const token = /"(?:[^"\\]+|\\[\s\S])*"?|[[\]{},]|[^"[\]{},]+/g
  let depth = 0
  for (const [piece] of text.matchAll(token)) {
    if (piece === '}' || piece === ']') depth = Math.max(0, depth - 1)
    else if (piece === '{' || piece === '[') {
      depth += 1
      pieces.push(piece, `\n${' '.repeat(Math.min(depth, 20))}`)
      continue
    }
    pieces.push(piece)
    if (piece === ',') pieces.push(`\n${' '.repeat(Math.min(depth, 20))}`)
  }
  return pieces.join('')
}
