/** A day. A longer wait is not believed: the loop asks again after this time, which costs one request. */
const longest = 24 * 3_600_000

/** The milliseconds that a provider asks to wait, from `retry-after-ms` or `Retry-After` (seconds or an HTTP date). */
export function retryAfterOf(headers: { get(name: string): string | null }, now: number): number | undefined {
  const milliseconds = numberOf(headers.get('retry-after-ms'))
  if (milliseconds !== undefined) return bounded(milliseconds)
  const text = headers.get('retry-after')
  if (text === null) return undefined
  const seconds = numberOf(text)
  if (seconds !== undefined) return bounded(seconds * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : bounded(date - now)
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined
}

function bounded(milliseconds: number): number {
  return Math.min(longest, Math.max(0, Math.ceil(milliseconds)))
}
