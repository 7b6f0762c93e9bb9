import { decodeAs } from '../encodings/decode-as.ts'
import { guessedEncoding } from '../encodings/guessed.ts'
import { decodeSevenBit } from '../encodings/seven-bit.ts'
import { wellFormed } from '../../protocol/well-formed.ts'
import { isOurs, isUndeclared, knows } from './mail-charsets.ts'

/**
 * A message whose heads, and those of its parts, are in what the parser of mail can read: bytes beyond ASCII that stand in them as they are, against the
 * rules, become UTF-8, and so do words and names of files in sets that the parser does not know, or that were cut within a character.
 */
export function withReadableHeads(mail: Uint8Array): Uint8Array {
  const text = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength).toString('latin1')
  let guess: { readonly encoding: string | undefined } | undefined
  const encodingOf = (): string | undefined => (guess ??= { encoding: declaredIn(text) ?? guessedEncoding(mail) }).encoding
  const pieces: string[] = []
  let end = 0
  for (const [from, to] of headsIn(text)) {
    pieces.push(text.slice(end, from), readable(text.slice(from, to), encodingOf))
    end = to
  }
  return end === 0 ? mail : Buffer.from(pieces.join('') + text.slice(end), 'latin1')
}

/** A line between parts is none, whatever stands in it: so no two heads overlap. */
const field = '(?!--)[!-9;-~]{1,80}[ \\t]*:[^\\n]*\\n(?:[ \\t]+[^\\s][^\\n]*\\n)*'

/** Where heads stand that have something to change: at the beginning, behind the lines between parts, and where a message within the message begins. */
function headsIn(text: string): (readonly [from: number, to: number])[] {
  const between = new Set(Array.from(text.matchAll(/\bboundary\s{0,8}=\s{0,8}(?:"([^"\n]{1,200})"|([^\s";]{1,200}))/gi), ([, quoted, plain]) => `--${quoted ?? plain ?? ''}`))
  const heads: (readonly [number, number])[] = []
  const head = new RegExp(`(?:${field})+`, 'y')
  const at = (place: number): void => {
    for (let from = place; ; ) {
      head.lastIndex = from
      const found = head.exec(text)?.[0]
      if (found === undefined) return
      const end = from + found.length
      if (/[\u0080-\u00ff]|=\?|\*=|\u001b[$(]/.test(found)) heads.push([from, end])
      const blank = /^\r?\n/.exec(text.slice(end, end + 2))?.[0]
      if (blank === undefined || !/^content-type[ \t]*:\s*message\//im.test(found)) return
      from = end + blank.length
    }
  }
  at(/^(?:[ \t]*\r?\n)*/.exec(text)?.[0].length ?? 0)
  if (between.size === 0) return heads
  for (let line = text.indexOf('\n--'); line >= 0; line = text.indexOf('\n--', line + 1)) {
    const end = text.indexOf('\n', line + 1)
    if (end >= 0 && between.has(text.slice(line + 1, end).trimEnd())) at(end + 1)
  }
  return heads
}

/** The first set that a part of the message says it is in: whoever wrote its heads so has written it with the same program. */
const declaredIn = (text: string): string | undefined =>
  Array.from(text.matchAll(/\bcharset\s{0,8}=\s{0,8}"?([\w.:-]{2,40})/gi), ([, name = '']) => name.toLowerCase()).find((name) => !isUndeclared(name) && !/^utf-?[78]$/.test(name) && knows(name))

function readable(head: string, encodingOf: () => string | undefined): string {
  try {
    return withKnownNames(withWholeWords(inUtf8(head, encodingOf)))
  } catch {
    // What one head says in an odd way costs no other message of the file.
    return head
  }
}

/** A head has its bytes in one set, whatever its fields are. */
function inUtf8(head: string, encodingOf: () => string | undefined): string {
  const bytes = Buffer.from(head, 'latin1')
  if (!/[\u0080-\u00ff]/.test(head)) return /\u001b[$(]/.test(head) ? Buffer.from(decodeSevenBit(bytes) ?? head).toString('latin1') : head
  if (!bytes.toString('utf8').includes('\ufffd')) return head
  const encoding = encodingOf()
  return encoding === undefined ? head : Buffer.from(decodeAs(bytes, encoding)).toString('latin1')
}

const word = /=\?([\w.:-]{2,40})(?:\*[\w-]{1,20})?\?([QqBb])\?([^?\n]{0,400})\?=/g
const words = new RegExp(`${word.source}(?:\\s{1,8}${word.source}){0,200}`, 'g')

/** Encoded words (`=?cp850?Q?Gr=81n?=`). Some programs cut a long text into words between two bytes of one character. */
function withWholeWords(head: string): string {
  return head.replaceAll(words, (run: string) => {
    const parts = Array.from(run.matchAll(word), ([whole, charset = '', form = '', content = '']) => ({ whole, charset: charset.toLowerCase(), bytes: bytesOf(form, content) }))
    const sets: { readonly charset: string; readonly parts: (typeof parts)[number][] }[] = []
    for (const part of parts) {
      const last = sets.at(-1)
      if (last?.charset === part.charset) last.parts.push(part)
      else sets.push({ charset: part.charset, parts: [part] })
    }
    return sets.map(({ charset, parts: some }) => wordsOf(charset, some)).join(' ')
  })
}

const bytesOf = (form: string, content: string): Buffer =>
  form.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : Buffer.from(content.replaceAll('_', ' ').replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')

/** Words that follow each other and are of one set: as they are, where the parser reads them. */
function wordsOf(charset: string, parts: readonly { readonly whole: string; readonly bytes: Buffer }[]): string {
  const asTheyAre = parts.map(({ whole }) => whole).join(' ')
  if (!knows(charset)) return asTheyAre
  const whole = decodeAs(Buffer.concat(parts.map(({ bytes }) => bytes)), charset)
  const isCut = parts.length > 1 && !whole.includes('\ufffd') && parts.some(({ bytes }) => decodeAs(bytes, charset).includes('\ufffd'))
  return isCut || isOurs(charset) ? `=?utf-8?B?${Buffer.from(whole).toString('base64')}?=` : asTheyAre
}

/** Names in the form of RFC 2231 (`filename*=cp850''Gr%81n.pdf`, in pieces `filename*0*=`, `filename*1*=`). The first piece says the set. */
function withKnownNames(head: string): string {
  const charsets = new Map<string, string>()
  return head.replaceAll(/\b([\w-]{1,40})\*(?:(\d{1,3})\*)?=("?)(?:([\w.:-]{0,40})'([\w-]{0,20})')?([^\s";]{0,998})/g, (whole, name: string, piece: string | undefined, quote: string, charset: string | undefined, language: string | undefined, value: string) => {
    if (charset !== undefined) charsets.set(name.toLowerCase(), charset.toLowerCase())
    const known = charsets.get(name.toLowerCase()) ?? ''
    if (!isOurs(known)) return whole
    const bytes = Buffer.from(value.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
    return `${name}*${piece === undefined ? '' : `${piece}*`}=${quote}${charset === undefined ? '' : `utf-8'${language ?? ''}'`}${encodeURIComponent(wellFormed(decodeAs(bytes, known)))}`
  })
}
