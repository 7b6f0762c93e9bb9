import { Refusal } from './refusal.ts'

/** How many requests each key may make here. Every server counts its own. */
export interface RequestRates {
  /** Counts a request. @throws Refusal `rate-limited`, with the seconds until the next one is taken */
  take(keyId: string): void
}

const minuteMs = 60_000

/**
 * A bucket for each key. It holds the requests of one minute, so these may come at once, and fills up evenly.
 * @param now milliseconds of a clock that is never set back
 */
export function requestRates(perMinute: number, now: () => number = () => performance.now()): RequestRates {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take: (keyId) => {
      const at = now()
      const { left, at: before } = buckets.get(keyId) ?? { left: perMinute, at }
      const filled = Math.min(perMinute, left + ((at - before) * perMinute) / minuteMs)
      buckets.set(keyId, { left: filled < 1 ? filled : filled - 1, at })
      if (filled >= 1) return
      const seconds = Math.ceil(((1 - filled) * minuteMs) / perMinute / 1_000)
      throw new Refusal('rate-limited', `this key may make ${perMinute} requests a minute at this server (PERDURE_HTTP_REQUESTS_PER_MINUTE); ask again later`, { 'retry-after': String(seconds) })
    },
  }
}
