const notation = /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i

/** Whether it is a date, or a date with a time, in ISO 8601. `Date` alone takes "0.5" for May of 2000, and the 30th of February for the 1st of March. */
export function isIsoTime(text: unknown): text is string {
  if (typeof text !== 'string') return false
  const [, date = ''] = notation.exec(text) ?? []
  const day = Date.parse(date)
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(date) && !Number.isNaN(Date.parse(text))
}
