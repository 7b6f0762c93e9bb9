import { isRecord } from '../protocol/is-record.ts'

/** A day. A longer wait is not believed: the loop asks again after this time, which costs one request. */
const longest = 24 * 3_600_000

/** Where a limit's headers alone say it. They may be of another limit than the one that was reached, and some say when all of it will be free again, which is long after a part of it. */
const longestReset = 3_600_000

/**
 * The milliseconds that a provider asks to wait, from `retry-after-ms` or `Retry-After` (seconds, an HTTP date, or what some write there: `1m30s`, a time in seconds since 1970). A wait of none, or until a
 * time that is over, as where two clocks differ, is no wish: all tries would be used up at once.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const milliseconds = numberOf(headers.get('retry-after-ms'))
  return wishOf(milliseconds ?? NaN) ?? wishOf(waitIn(headers.get('retry-after') ?? '', now))
}

interface Headers {
  get(name: string): string | null
}

/** Of one limit, or of that for requests or for tokens; Anthropic has its own name before them. */
const resetOf = (kind: string): readonly string[] => [`x-ratelimit-reset${kind}`, `ratelimit-reset${kind}`, ...(kind === '' ? [] : [`anthropic-ratelimit${kind}-reset`])]

/**
 * The same from headers that say when a limit begins anew, which come with each answer: only for one that was refused, and where nothing else says how long to wait.
 * Of several limits, it is the one of which nothing remains that counts.
 */
export function resetNamedIn(headers: Headers, now: number): number | undefined {
  const waits = ['', '-requests', '-tokens', '-input-tokens', '-output-tokens'].flatMap((kind) => {
    const remaining = numberOf([`x-ratelimit-remaining${kind}`, `ratelimit-remaining${kind}`, `anthropic-ratelimit${kind}-remaining`].map((name) => headers.get(name)).find((value) => value !== null) ?? null)
    const text = resetOf(kind).map((name) => headers.get(name)).find((value) => value !== null)
    // Who names one limit alone, and not what remains of it, means the one that was reached.
    return text == null || (remaining ?? (kind === '' ? 0 : 1)) > 0 ? [] : [wishOf(resetIn(text, now)) ?? 0]
  })
  return wishOf(Math.min(longestReset, Math.max(0, ...waits)))
}

const wishOf = (wait: number | undefined): number | undefined => (wait === undefined || !(wait > 0) ? undefined : bounded(wait))

/** Numbers that are no seconds to wait but a time: seconds, or milliseconds, since 1970. */
const leastEpoch = 1_000_000_000
const leastEpochMs = 1_000_000_000_000

/** In seconds. A larger number under a name without a unit is of milliseconds at some: the agent would be parked for hours. */
const longestWithoutUnit = 3_600

/** HTTP's own form, or that of ISO 8601. Whatever else has a number in it is a date too for the language: `window 2040`. */
const aTime = /^(?:[a-z]{3,9}, ?\d|[a-z]{3} [a-z]{3} {1,2}\d|\d{4}-\d\d-\d\d[T ])/i

/** Some give milliseconds there: a large number may be either. */
function resetIn(text: string, now: number): number {
  const number = numberOf(text)
  return number !== undefined && number > longestWithoutUnit && number < leastEpoch ? NaN : waitIn(text, now)
}

function waitIn(given: string, now: number): number {
  const text = given.trim()
  const number = numberOf(text)
  if (number === undefined) return durationOf(text) ?? (aTime.test(text) ? Date.parse(text) - now : NaN)
  return number >= leastEpochMs ? number - now : number >= leastEpoch ? number * 1000 - now : number * 1000
}

/** Seconds as text, or parts with their units: `36.7s`, `7m12.5s`, `862ms`, `26 seconds`. */
const duration = '((?:\\d{1,12}(?:\\.\\d{1,30})?\\s?(?:ms|milliseconds?|d(?:ays?)?|h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])[\\s,]{0,2})+)'
const named = [
  new RegExp(`\\b(?:try again|retry|wait)(?: in| after| for)?(?: about)? ${duration}`, 'i'), // OpenAI, Groq, Gemini, Azure
  new RegExp(`\\b(?:resets?|available(?: again)?) (?:in|after) ${duration}`, 'i'), // gateways
  /\bretry[-_ ]after:? (\d{1,3})(?:\.?$|\.\s|,)/i, // Azure; a larger number may be of milliseconds
  /(?<![\d.])(\d{1,5} ?秒)(?:钟)?(?:之?后|以后)/, // SiliconFlow, gateways
]
/** A time with its zone, in words of its own. */
const until = /\b(?:resets?|reset at|resets at|retry after|try again (?:at|after)|available (?:again )?at|(?<!\b(?:valid|available|supported|active|free) )until|regain access on)(?: at)?:? ["']?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)/i
const wholly = new RegExp(`^${duration}$`, 'i')
const part = /(\d{1,12}(?:\.\d{1,30})?)\s?(ms|mil|[dhms])/gi
const units: Readonly<Record<string, number>> = { ms: 1, mil: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 }

/** The same of a refusal's body, where no header says it: Google's `retryDelay`, the first that is a duration, a field for it, else what its text says. */
export function retryAfterNamedIn({ message, details, fields }: { readonly message: string; readonly details?: unknown; readonly fields?: unknown }, now = Date.now()): number | undefined {
  const delays = Array.isArray(details) ? details.flatMap((detail: unknown) => (isRecord(detail) && typeof detail['retryDelay'] === 'string' ? [detail['retryDelay'].trim()] : [])) : []
  const text = delays.find((delay) => wholly.test(delay))
  return (text === undefined ? undefined : durationOf(text)) ?? fieldOf(fields) ?? waitInWords(message, now) ?? resetWithin(fields, now)
}

function waitInWords(message: string, now: number): number | undefined {
  const words = named.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined)
  if (words !== undefined) return wishOf(durationOf(/^\d+ ?秒?$/.test(words) ? `${Number.parseInt(words, 10)}s` : words))
  const [, time = '', zone = ''] = until.exec(message) ?? []
  return time === '' ? undefined : wishOf(Date.parse(`${time.replace(' ', 'T')}${/^(?:UTC|GMT)$/i.test(zone) ? 'Z' : zone}`) - now)
}

/** OpenRouter puts the headers of the provider behind it into the body. */
function resetWithin(fields: unknown, now: number): number | undefined {
  const metadata = isRecord(fields) ? fields['metadata'] : undefined
  const headers = isRecord(metadata) ? metadata['headers'] : undefined
  if (!isRecord(headers)) return undefined
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
  const read: Headers = { get: (name) => given.get(name) ?? null }
  return retryAfterOf(read, now) ?? resetNamedIn(read, now)
}

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
