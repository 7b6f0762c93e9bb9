import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'

export interface Result {
  readonly at: string
  readonly machine: Machine
  readonly servers: readonly string[]
  /** Of the machine, before it began. */
  readonly load: number
  readonly seconds: number
  /** Why it did not come to its end, or was not content; absent where all is well. */
  readonly failed?: string
  readonly figures: Readonly<Record<string, number>>
  /** What it printed. */
  readonly output: string
}

/** By the names of the runs; a run that is made again takes the place of what was known. */
export type Results = Readonly<Record<string, Result>>

export const resultsFile = fileURLToPath(new URL('results.json', import.meta.url))

export function readResults(file = resultsFile): Results {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : {}
}

/**
 * After each run, so that none is lost with what comes after it. A run that failed takes the place of no whole one.
 *
 * @returns whether it is kept
 */
export function keepResult(name: string, result: Result, file = resultsFile): boolean {
  const known = readResults(file)[name]
  if (result.failed !== undefined && known !== undefined && known.failed === undefined) return false
  writeFileSync(file, `${JSON.stringify({ ...readResults(file), [name]: result }, undefined, 2)}\n`)
  return true
}
