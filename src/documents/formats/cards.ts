import { decodeAs } from '../encodings/decode-as.ts'
import type { Part } from '../part.ts'

/** What begins calendars (ICS) and address cards (VCF). */
export const isCards = (head: string): boolean => /^(?:\u00ef\u00bb\u00bf)?\s*BEGIN:V(?:CALENDAR|CARD)\s*$/im.test(head.slice(0, 100))

/** Entries of a calendar or of an address book; within an entry what belongs to it, as its alarms. */
const entries = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VCARD', 'VFREEBUSY'])
/** Rules of clocks, which say nothing of any entry. */
const silent = 'VTIMEZONE'

interface Field {
  readonly name: string
  readonly parameters: string
  readonly value: string
  /** Of the file, from 1. */
  readonly line: number
}

/** Entries with their fields, `SUMMARY: …`. Lines that were broken for the way are whole again, so that words are; pictures within cards are left out. */
export function* cardParts(text: string): Generator<Part> {
  let lines: string[] = []
  let first = 1
  let silence = 0
  const part = (): Part => ({ text: lines.join('\n'), firstLine: first })
  for (const { name, parameters, value, line } of fieldsIn(text)) {
    const bound = name === 'BEGIN' || name === 'END' ? value.trim().toUpperCase() : undefined
    if (bound === silent) silence = name === 'BEGIN' ? silence + 1 : Math.max(0, silence - 1)
    if (silence > 0 || bound === silent) continue
    if (bound !== undefined) {
      if (entries.has(bound) && lines.length > 0) {
        yield part()
        lines = []
      }
      continue
    }
    const words = wordsOf({ name, parameters, value })
    if (words === '') continue
    if (lines.length === 0) first = line
    lines.push(name === '' ? words : `${name}: ${words}`)
  }
  if (lines.length > 0) yield part()
}

/** A line that begins with a blank goes on with the one before; one in quoted-printable goes on behind `=`. What is no field is text. */
function* fieldsIn(text: string): Generator<Field> {
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1
    let whole = lines[at] ?? ''
    const isQuoted = /^[^:]*ENCODING=QUOTED-PRINTABLE[^:]*:/i.test(whole)
    for (; at + 1 < lines.length; at += 1) {
      const next = lines[at + 1] ?? ''
      if (isQuoted && whole.endsWith('=')) whole = whole.slice(0, -1) + next
      else if (/^[ \t]/.test(next)) whole += next.slice(1)
      else break
    }
    const [, name, parameters = '', value = ''] = /^(?:[\w-]+\.)?([A-Za-z][\w-]{0,60})((?:;(?:"[^"]{0,1000}"|[^":]){0,2000})?):(.*)$/s.exec(whole) ?? []
    if (name !== undefined) yield { name: name.toUpperCase(), parameters, value, line }
    else if (whole.trim() !== '') yield { name: '', parameters: '', value: whole, line }
  }
}

/** Fields whose value is of parts, with semicolons between them. */
const ofParts = new Set(['N', 'ADR', 'ORG'])

function wordsOf({ name, parameters, value }: Omit<Field, 'line'>): string {
  if (/ENCODING="?(?:B|BASE64)\b/i.test(parameters) || /^data:[^,]{0,200};base64,/i.test(value)) return ''
  const text = /ENCODING=QUOTED-PRINTABLE/i.test(parameters) ? unquoted(value, /CHARSET="?([\w-]{2,40})/i.exec(parameters)?.[1]) : value
  const zone = /;TZID="?([^";:]{1,200})/i.exec(parameters)?.[1]
  const moment = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(text.trim())
  if (moment !== null) {
    const [, year, month, day, hour, minute, second, utc] = moment
    return `${year}-${month}-${day}${hour === undefined ? '' : ` ${hour}:${minute}:${second}${utc === 'Z' ? ' UTC' : zone === undefined ? '' : ` (${zone})`}`}`
  }
  const kinds = Array.from(parameters.matchAll(/;(?:CN=|TYPE=)"?([^";]{1,200})/gi), ([, kind = '']) => kind)
  const parts = ofParts.has(name) ? text.split(/(?<!\\);/).filter((one) => one.trim() !== '') : [text]
  const words = parts.join(', ').replaceAll(/\\([\\,;nN])/g, (_, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign)).replaceAll('\r', '').trim()
  return words === '' ? '' : `${words}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`
}

function unquoted(value: string, charset = 'utf-8'): string {
  const bytes = Buffer.from(Buffer.from(value).toString('latin1').replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
  try {
    return decodeAs(bytes, charset)
  } catch {
    return bytes.toString('utf8')
  }
}
