import { readFileSync } from 'node:fs'

/** Times to recover, as `npm run faults:measure` found them. */
export interface Measured {
  /** What it was measured on, for a person. */
  readonly machine: string
  /** By the row's id; the longest of its tests. Where a worker died, another one was started then. */
  readonly seconds: Readonly<Record<string, number>>
  /** The same where another worker stood by when one died. */
  readonly standingBy: Readonly<Record<string, number>>
}

export const measuredFile = new URL('measured.json', import.meta.url)

export const readMeasured = (): Measured => JSON.parse(readFileSync(measuredFile, 'utf8')) as Measured
