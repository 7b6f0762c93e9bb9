import { masked, masksOf, type Masks } from './sheet-masks.ts'
import { attribute, readSmallXml } from './xml.ts'

const dayMs = 24 * 60 * 60 * 1_000
/** Number formats of Excel itself that show a date or a time. */
const builtInDate = (format: number): boolean => (format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 45 && format <= 47) || (format >= 50 && format <= 58)

/** `[h]:mm:ss`: hours of a duration, however many. */
const builtInDuration = 46
const builtInPercent = (format: number): boolean => format === 9 || format === 10

/** What a format writes around a number, and with how many digits at least: `INV-0012`, `12.5 €`, the `01234` of a place. */
interface Written {
  readonly before: string
  readonly after: string
  /** Undefined where the format shows words in place of the number. */
  readonly digits: number | undefined
}

/** One for numbers above nothing, one for those below, and one for nothing, where the format has them. */
interface WrittenBySign {
  /** Where it parts the digits by other signs. */
  readonly masks?: Masks | undefined
  readonly sections: readonly (Written | undefined)[]
}

export type NumberStyle = 'date' | 'duration' | 'percent' | WrittenBySign

/** By the number of a cell's style, where it shows a number as something else than that. */
export function numberStyles(xml: Uint8Array | undefined): ReadonlyMap<number, NumberStyle> {
  const own = new Map<number, NumberStyle>()
  const styles = new Map<number, NumberStyle>()
  let inCells = false
  let style = 0
  if (xml === undefined) return styles
  readSmallXml(xml, {
    open: (name, attributes) => {
      if (name === 'numFmt') {
        const given = (attribute(attributes, 'formatCode') ?? '').replaceAll(/"[^"]*"|[\\_*]./g, '')
        const code = given.replaceAll(/\[[^\]]*\]/g, '')
        const format = Number(attribute(attributes, 'numFmtId'))
        if (/\[(?:h+|m+|s+)\]/i.test(given)) own.set(format, 'duration')
        else if (code.includes('%')) own.set(format, 'percent')
        else if (isDate(code)) own.set(format, 'date')
        else {
          const masks = masksOf(attribute(attributes, 'formatCode') ?? '')
          const sections = (attribute(attributes, 'formatCode') ?? '').match(section)?.map((code, index) => writtenBy(code, index === ofNothing)) ?? []
          if (masks !== undefined || sections.some((one) => one !== undefined)) own.set(format, { sections, masks })
        }
      } else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const format = Number(attribute(attributes, 'numFmtId') ?? 0)
        const shown = own.get(format) ?? (format === builtInDuration ? 'duration' : builtInDate(format) ? 'date' : builtInPercent(format) ? 'percent' : undefined)
        if (shown !== undefined) styles.set(style, shown)
        style += 1
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

/** Letters that stand for parts of dates. Another word is that of another language for `General`: `Standard`, `Estándar`. */
const isDate = (code: string): boolean => /[ymdhs]/i.test(code) && !(code.match(/[a-z\u00c0-\u024f]{4,}/gi) ?? []).some((word) => /[^ymdhsabegpt]/i.test(word))

/** What stands between two semicolons that are no text. */
const section = /(?:"[^"]*"|[\\_*].|[^;"\\_*])+|(?<=;)(?=;|$)/gu

/** Where among its sections the one for nothing stands. */
const ofNothing = 2

/**
 * Undefined for a format that only says how many digits are seen.
 * @param isOfNothing it is for the number 0, of which `?` shows no digit: what stands before it is a dash in place of the number (`"-"??`), and no minus
 */
function writtenBy(code: string, isOfNothing: boolean): Written | undefined {
  const token = /"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|(;)|([#0?.,]+)|([^;])/gu
  // Formats that hold for some numbers only.
  if (/\[[<>=]/.test(code)) return undefined
  let [before, after, pattern] = ['', '', '']
  for (const [, quoted, escaped, currency, end, digits, other] of code.matchAll(token)) {
    if (end !== undefined) break
    // Fractions, powers, texts, and figures parted by signs are shown as numbers.
    if ((digits !== undefined && (pattern !== '' || digits.endsWith(','))) || (other !== undefined && /[A-Za-z@/]/.test(other))) return undefined
    if (digits !== undefined) pattern = digits
    else if (pattern === '') before += quoted ?? escaped ?? currency ?? other ?? ''
    else after += quoted ?? escaped ?? currency ?? other ?? ''
  }
  if (isOfNothing && !/[0#]/.test(pattern)) pattern = ''
  const digits = pattern.includes(',') ? 1 : (/^[^.]*/.exec(pattern)?.[0].match(/0/g)?.length ?? 0)
  if (pattern === '' && /\p{L}/u.test(before)) return { before, after, digits: undefined }
  return pattern === '' || (`${before}${after}`.trim() === '' && digits < 2) ? undefined : { before: before.trimStart(), after: after.trimEnd(), digits }
}

/** As a sheet shows it: with fifteen digits at most, where the file may have more (`1.1000000000000001`). */
export function shownNumber(text: string, { style, from1904 }: { readonly style: NumberStyle | undefined; readonly from1904: boolean }): string {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) return text
  if (style === 'date') return dateOf(number, from1904)
  if (style === 'duration') return durationOf(number)
  if (style === 'percent') return `${rounded(number * 100)}%`
  // Some programs write long numbers of things, which are whole.
  const shown = text.length > 15 && /[.e]/i.test(text) ? rounded(number) : text
  if (style === undefined) return shown
  const parted = style.masks === undefined || (number === 0 && style.sections[ofNothing] !== undefined) ? undefined : masked(style.masks, number)
  if (parted !== undefined) return parted
  const [first, ofLess] = style.sections
  const own = number < 0 ? ofLess : number === 0 ? style.sections[ofNothing] : first
  const written = own ?? first
  if (written === undefined) return shown
  // What is written around numbers below nothing may say that they are: `5 down`.
  const saysLess = own !== undefined && number < 0 && wordsOf(own) !== '' && wordsOf(own) !== wordsOf(first)
  if (written.digits === undefined) return written.before.trim()
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d*)(.*)$/.exec(shown) ?? []
  const minus = saysLess ? '' : sign
  const before = sign === '' ? written.before : written.before.replace(/[+(-]/, '')
  // Brackets say that it is less than nothing, and so does the sign.
  return `${minus}${before}${whole.padStart(written.digits, '0')}${rest}${before === written.before ? written.after : written.after.replace(')', '')}`
}

const wordsOf = (written: Written | undefined): string => `${written?.before ?? ''}${written?.after ?? ''}`.replaceAll(/\P{L}/gu, '')

const rounded = (number: number): string => String(Number(number.toPrecision(15)))

/** Hours, minutes and seconds of a number of days. */
function durationOf(days: number): string {
  const seconds = Math.round(Math.abs(days) * 86_400)
  const [hours, ...rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${days < 0 ? '-' : ''}${hours}:${rest.map((part) => String(part).padStart(2, '0')).join(':')}`
}

/** Days since the end of 1899, or of 1903; below one day it is a time. Excel has a 29th of February of 1900, so that its days before that are one behind. */
function dateOf(days: number, from1904: boolean): string {
  if (days < 0 || days > 2_958_466) return String(days)
  const first = !from1904 && days >= 1 && days < 60 ? 1 : 0
  const moment = new Date(Math.round((days + first) * 86_400) * 1_000 + (from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30))).toISOString()
  const [date, time] = [moment.slice(0, 10), moment.slice(11, 19)]
  if (days < 1) return time
  return (days * dayMs) % dayMs < 500 ? date : `${date} ${time}`
}
