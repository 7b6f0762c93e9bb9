import { graphemes } from '../../protocol/characters.ts'
import { beginningOf } from '../../protocol/well-formed.ts'
import { printable } from './printable.ts'

/** One line of at most so many characters, safe for a terminal. A longer text ends with an ellipsis. */
export function oneLine(text: string, characters: number): string {
  return shorten(printable(text).replace(/\s+/g, ' ').trim(), characters)
}

/** Cuts between characters as people see them, never within one. */
export function shorten(text: string, characters: number): string {
  if (text.length <= characters) return text
  let count = 0
  let end = 0
  for (const { index, segment } of graphemes.segment(text)) {
    count += 1
    if (count > characters) return `${text.slice(0, end)}…`
    if (count < characters) end = index + segment.length
  }
  return text
}

/** All lines after the first begin with that many blanks. */
export function hanging(text: string, blanks: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(blanks)}`)
}

/** Every line begins with those blanks. */
export function indented(text: string, blanks: number): string {
  return ' '.repeat(blanks) + hanging(text, blanks)
}

/** The beginning of a long text, with a word about how much is left out. */
export function beginning(text: string, limit: { readonly lines: number; readonly characters: number }): string {
  const clean = printable(text).trimEnd()
  const shown = beginningOf(clean.split('\n').slice(0, limit.lines).join('\n'), limit.characters).trimEnd()
  return shown.length === clean.length ? clean : `${shown} … (${clean.length - shown.length} more characters)`
}

/** "1 message", "2 messages". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

/** Of what was found, and perhaps not counted to its end. */
export const countedFound = ({ total, atLeast }: { readonly total: number; readonly atLeast?: true }, noun: string): string =>
  `${atLeast === true ? 'at least ' : ''}${counted(total, noun)}`

/** The same with seconds, where there are any: for a time at which something will happen. */
export function exactTime(iso: string): string {
  const seconds = new Date(iso).getSeconds()
  return seconds > 0 ? `${shortTime(iso)}:${String(seconds).padStart(2, '0')}` : shortTime(iso)
}

/** "2026-11-21 10:38" in the reader's time zone. */
export function shortTime(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`
}
