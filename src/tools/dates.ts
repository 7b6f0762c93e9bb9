import { PerdureError } from '../protocol/errors.ts'
import { isIsoTime } from '../protocol/iso-time.ts'

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:\d{2})?)?$/i
const minute = 60 * 1000
const day = 24 * 60 * minute

export interface DateRange {
  /** ISO 8601, inclusive. */
  readonly from?: string
  /** ISO 8601, exclusive. */
  readonly to?: string
}

/**
 * The range that two dates of a tool call mean. A date without a time is that whole day, also at the end, and a time without seconds that whole minute, as
 * results show it; a time without an offset is UTC; an end with seconds is exclusive.
 * @throws PerdureError `tool-arguments`
 */
export function dateRange({ start, end }: { readonly start: string | undefined; readonly end: string | undefined }): DateRange {
  const first = start === undefined ? undefined : instant('start_date', start)
  const last = end === undefined ? undefined : instant('end_date', end)
  const to = last && last.at + last.whole
  if (first && to !== undefined && first.at >= to) {
    throw new PerdureError('tool-arguments', `start_date ${String(start)} is not before end_date ${String(end)}: give the earlier one as start_date`)
  }
  return {
    ...(first && { from: new Date(first.at).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
  }
}

function instant(field: string, text: string): { readonly at: number; readonly whole: number } {
  const trimmed = text.trim()
  const parts = pattern.exec(trimmed)
  const [, year = '', month = '', date = '', time, offset] = parts ?? []
  const midnight = new Date(`${year}-${month}-${date}T00:00:00Z`)
  const real = parts !== null && isIsoTime(`${year}-${month}-${date}`)
  const at = time === undefined ? midnight.getTime() : Date.parse(`${year}-${month}-${date}T${time}${(offset ?? 'Z').toUpperCase()}`)
  if (!real || Number.isNaN(at)) {
    throw new PerdureError(
      'tool-arguments',
      `${field} ${JSON.stringify(text.slice(0, 60))} is no date: write 2026-01-31, or 2026-01-31T18:30 (UTC), or 2026-01-31T18:30+02:00`,
    )
  }
  return { at, whole: time === undefined ? day : time.length === 5 ? minute : 0 }
}
