import { signal } from '@preact/signals'
import { presentMs } from './clock.ts'

/** When it was looked last at what a moment is called now. */
const looked = signal(Date.now())
setInterval(() => (looked.value = Date.now()), 30_000)

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const year = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' })

/** A moment, short; all of it where one points at it. @param at ISO 8601, or epoch milliseconds */
export function Time({ at, relative: asRelative = false }: { readonly at: string | number; readonly relative?: boolean }) {
  const date = new Date(at)
  // Read for either form: whatever has read it is drawn anew when it changes.
  const today = new Date(Math.max(looked.value, Date.now()))
  return (
    <time dateTime={date.toISOString()} title={whole.format(date)}>
      {asRelative ? ago(date.getTime(), presentMs()) : short(date, today)}
    </time>
  )
}

export const isSameDay = (one: Date, other: Date): boolean => one.toDateString() === other.toDateString()
export const dayText = (date: Date): string => (date.getFullYear() === new Date().getFullYear() ? day : year).format(date)

function short(date: Date, today: Date): string {
  return isSameDay(date, today) ? clock.format(date) : `${(date.getFullYear() === today.getFullYear() ? day : year).format(date)}, ${clock.format(date)}`
}

const units = [['year', 365 * 86_400_000], ['month', 30 * 86_400_000], ['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]] as const

/** By so much what a server says may be ahead of this machine. */
const clocksDifferMs = 5_000

function ago(at: number, present: number): string {
  for (const [unit, length] of units) if (Math.abs(at - present) >= length) return relative.format(Math.round((at - present) / length), unit)
  return at - present > clocksDifferMs ? 'in less than a minute' : 'just now'
}
