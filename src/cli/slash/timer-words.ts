import type { TimerInput } from '../../index.ts'
import { invalidArgument, type PerdureError } from '../../protocol/errors.ts'

export type TimerWords =
  | { readonly type: 'list' }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'add'; readonly timer: Omit<TimerInput, 'id'> }

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const

/**
 * What stands after `/timer`: nothing, `in 10m TEXT`, `at 2027-03-01T08:00 TEXT`, `at 08:00 TEXT`, `every 1d TEXT`,
 * `every 1d at 08:00 TEXT`, `remove NAME`. Times without a zone are of this machine; a time of day is the next one.
 * @throws PerdureError `invalid-argument`
 */
export function readTimer(argument: string, now: Date): TimerWords {
  const [word, rest] = parted(argument)
  switch (word.toLowerCase()) {
    case '':
    case 'list':
      return { type: 'list' }
    case 'remove':
      if (rest === '') throw wrong('which timer? /timer lists them')
      return { type: 'remove', id: rest }
    case 'in': {
      const [span, text] = parted(rest)
      return { type: 'add', timer: { afterMs: spanOf(span), text: said(text) } }
    }
    case 'at': {
      const [moment, text] = parted(rest)
      return { type: 'add', timer: { at: momentOf(moment, now), text: said(text) } }
    }
    case 'every': {
      const [span, after] = parted(rest)
      const everyMs = spanOf(span)
      const [at, moment] = parted(after)
      if (at.toLowerCase() !== 'at') return { type: 'add', timer: { afterMs: everyMs, everyMs, text: said(after) } }
      const [time, text] = parted(moment)
      return { type: 'add', timer: { at: momentOf(time, now), everyMs, text: said(text) } }
    }
    default:
      throw wrong(`${JSON.stringify(word)} is none of in, at, every, list, remove`)
  }
}

/** A name for a timer that was given none: its first words, with a number where that name is taken. */
export function timerName(text: string, taken: readonly string[]): string {
  const words = text.toLowerCase().normalize('NFKD').match(/[a-z0-9]+/g) ?? []
  const name = words.slice(0, 3).join('-').slice(0, 32) || 'timer'
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}

/** "every 1d", "every 1h 30m": as one would write it. */
export function spanText(milliseconds: number): string {
  let left = milliseconds
  const parts = Object.entries(units).toReversed().flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? [] : [`${count}${unit}`]
  })
  return [...parts, ...(left > 0 ? [`${left}ms`] : [])].join(' ')
}

function parted(words: string): [first: string, rest: string] {
  const [, first = '', rest = ''] = /^(\S*)\s*([^]*)$/.exec(words.trim()) ?? []
  return [first, rest]
}

function spanOf(word: string): number {
  if (!/^(\d+[smhdw])+$/i.test(word)) throw wrong(`${JSON.stringify(word)} is no span of time; write one like 90s, 10m, 2h, 1d or 1h30m`)
  const parts = word.toLowerCase().match(/\d+[smhdw]/g) ?? []
  return parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * units[part.slice(-1) as keyof typeof units], 0)
}

function momentOf(word: string, now: Date): Date {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(word) ?? []
  if (hours !== undefined && minutes !== undefined) {
    const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), Number(hours), Number(minutes))
    return today > now ? today : new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, Number(hours), Number(minutes))
  }
  const moment = new Date(word)
  if (!/^\d{4}-\d\d-\d\dT/.test(word) || Number.isNaN(moment.getTime())) throw wrong(`${JSON.stringify(word)} is no time; write 08:00 or 2027-03-01T08:00`)
  return moment
}

function said(text: string): string {
  if (text.trim() !== '') return text.trim()
  throw wrong('what is the agent to be told then?')
}

const wrong = (what: string): PerdureError =>
  invalidArgument(`${what} (/timer in 10m TEXT, /timer at 08:00 TEXT, /timer every 1d at 08:00 TEXT, /timer remove NAME)`)
