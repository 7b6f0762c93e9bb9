import { jsonIn } from '../parts/json.ts'

/** One field of the definition as a person reads and writes it. */
export interface Field {
  /** As changes and errors name it: `['budget', 'steps']`. */
  readonly path: readonly string[]
  readonly label: string
  readonly kind: 'line' | 'text' | 'json' | 'number' | 'duration' | 'words' | 'flag'
  /** What it is now; empty: nothing, and of a flag `yes` or nothing. */
  readonly text: string
  /** What it is for, or in what it is counted. */
  readonly note?: string
  /** It may be empty: what is there is taken away then. */
  readonly optional?: true
}

/** By which an error, and a form, know it. */
export const nameOf = ({ path }: Pick<Field, 'path'>): string => path.join('.')

/** What a person has written, as it is sent; null takes away. @throws Error that says what would be right */
export function valueOf({ kind, optional }: Pick<Field, 'kind' | 'optional'>, text: string): unknown {
  if (kind === 'flag') return text !== ''
  if (optional === true && text.trim() === '') return null
  return values[kind](text)
}

const values: Readonly<Record<Exclude<Field['kind'], 'flag'>, (text: string) => unknown>> = {
  line: (text) => text.trim(),
  text: (text) => text,
  json: (text) => jsonIn(text),
  number: (text) => {
    const written = text.trim()
    // A comma between thousands is left out; one before a fraction (0,125) would make another number of it. No thousands begin with a zero.
    if (!/^-?(?:\d+|[1-9]\d{0,2}(?:[ ,_'\u00a0\u202f]\d{3})+)(?:\.\d+)?$/.test(written)) throw new Error('This is a number, like 32000, 32,000 or 0.5.')
    return Number(written.replace(/[^-\d.]/g, ''))
  },
  duration: (text) => {
    const [, amount = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(s|min|h|d)\s*$/.exec(text) ?? []
    const length = unitsMs.get(unit)
    if (length === undefined) throw new Error('This is a time, like 90 min, 2 h or 7 d.')
    return Math.round(Number(amount) * length)
  },
  words: (text) => wordsOf(text),
}

export const wordsOf = (text: string): string[] => text.split(/[,\n]/).map((word) => word.trim()).filter((word) => word !== '')

const unitsMs = new Map([['d', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1_000]])

/** As it is written above: `90 min`. */
export function durationOf(ms: number): string {
  const [unit, length] = [...unitsMs].find(([, each]) => ms >= each && ms % each === 0) ?? ['s', 1_000]
  return `${ms / length} ${unit}`
}

/** Puts a value where its path says. */
export function put(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into[name] = value
  else put((into[name] ??= {}) as Record<string, unknown>, rest, value)
}
