import { isRecord } from '../protocol/is-record.ts'

/** A day. A longer wait is not believed: the loop asks again after this time, which costs one request. */
const longest = 24 * 3_600_000

/**
 * The milliseconds that a provider asks to wait, from `retry-after-ms` or `Retry-After` (seconds, an HTTP date, or what some write there: `1m30s`). A wait of none, or until a
 * time that is over, as where two clocks differ, is no wish: all tries would be used up at once.
 */
export function retryAfterOf(headers: { get(name: string): string | null }, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? ''
  const seconds = numberOf(text)
  const waits = [numberOf(headers.get('retry-after-ms')), seconds === undefined ? (durationOf(text) ?? Date.parse(text) - now) : seconds * 1000]
  return waits.map((wait) => (wait === undefined || !(wait > 0) ? undefined : bounded(wait))).find((wait) => wait !== undefined)
}

/** Seconds as text, or parts with their units: `36.7s`, `7m12.5s`, `862ms`, `26 seconds`. */
const duration = '((?:\\d{1,12}(?:\\.\\d{1,30})?\\s?(?:ms|milliseconds?|d(?:ays?)?|h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])[\\s,]{0,2})+)'
const named = new RegExp(`\\b(?:try again|retry|wait)(?: in| after| for)?(?: about)? ${duration}`, 'i') // OpenAI, Groq, Gemini, Azure
const wholly = new RegExp(`^${duration}$`, 'i')
const part = /(\d{1,12}(?:\.\d{1,30})?)\s?(ms|mil|[dhms])/gi
const units: Readonly<Record<string, number>> = { ms: 1, mil: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 }

/** The same of a refusal's body, where no header says it: Google's `retryDelay`, the first that is a duration, a field for it, else what its text says. */
export function retryAfterNamedIn({ message, details, fields }: { readonly message: string; readonly details?: unknown; readonly fields?: unknown }): number | undefined {
  const delays = Array.isArray(details) ? details.flatMap((detail: unknown) => (isRecord(detail) && typeof detail['retryDelay'] === 'string' ? [detail['retryDelay'].trim()] : [])) : []
  const text = delays.find((delay) => wholly.test(delay))
  return (text === undefined ? undefined : durationOf(text)) ?? fieldOf(fields) ?? durationOf(named.exec(message)?.[1] ?? '')
}

/** In seconds. A larger number under a name without a unit is of milliseconds at some: the agent would be parked for hours. */
const longestWithoutUnit = 3_600

/** Of gateways, LiteLLM and Cloudflare among them; OpenRouter has it one deeper. In seconds, or as a text with its unit. */
function fieldOf(fields: unknown): number | undefined {
  if (!isRecord(fields)) return undefined
  for (const name of ['retry_after', 'retryAfter', 'retry_after_seconds']) {
    const given = fields[name]
    const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : ''
    const seconds = numberOf(text)
    if (seconds !== undefined && seconds > longestWithoutUnit && name !== 'retry_after_seconds') continue
    const wait = seconds === undefined ? durationOf(text) : bounded(seconds * 1000)
    if (wait !== undefined && wait > 0) return wait
  }
  return isRecord(fields['metadata']) ? fieldOf({ ...fields['metadata'], metadata: undefined }) : undefined
}

function durationOf(text: string): number | undefined {
  if (!wholly.test(text)) return undefined
  const milliseconds = Array.from(text.matchAll(part), ([, number = '', unit = '']) => Number(number) * (units[unit.toLowerCase()] ?? 0))
  return bounded(milliseconds.reduce((sum, ofPart) => sum + ofPart, 0))
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined
}

function bounded(milliseconds: number): number {
  return Math.min(longest, Math.max(0, Math.ceil(milliseconds)))
}
