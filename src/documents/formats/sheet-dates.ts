import { attribute, readSmallXml } from './xml.ts'

const dayMs = 24 * 60 * 60 * 1_000
/** Number formats of Excel itself that show a date or a time. */
const builtIn = (format: number): boolean => (format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 45 && format <= 47) || (format >= 50 && format <= 58)

/** Numbers of the cell styles that show a number as a date. */
export function dateStyles(xml: Uint8Array | undefined): ReadonlySet<number> {
  const own = new Set<number>()
  const styles = new Set<number>()
  let inCells = false
  let style = 0
  if (xml === undefined) return styles
  readSmallXml(xml, {
    open: (name, attributes) => {
      if (name === 'numFmt') {
        const code = (attribute(attributes, 'formatCode') ?? '').replaceAll(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
        if (/[ymdhs]/i.test(code) && !/general/i.test(code)) own.add(Number(attribute(attributes, 'numFmtId')))
      } else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const format = Number(attribute(attributes, 'numFmtId') ?? 0)
        if (builtIn(format) || own.has(format)) styles.add(style)
        style += 1
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}

/** Days since the end of 1899, or of 1903; below one day it is a time. */
export function dateOf(days: number, from1904: boolean): string {
  if (!Number.isFinite(days) || days < 0 || days > 2_958_466) return String(days)
  const moment = new Date(Math.round(days * 86_400) * 1_000 + (from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30))).toISOString()
  const [date, time] = [moment.slice(0, 10), moment.slice(11, 19)]
  if (days < 1) return time
  return (days * dayMs) % dayMs < 500 ? date : `${date} ${time}`
}
