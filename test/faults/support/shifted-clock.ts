/**
 * What a worker's JavaScript takes for the time is shifted by as many milliseconds as the file of FAULTS_CLOCK_FILE
 * says, from when it says so. Intervals and Temporal's own library, which is no JavaScript, go by the real clock.
 */
import { existsSync, readFileSync } from 'node:fs'

const file = process.env['FAULTS_CLOCK_FILE'] ?? ''
const RealDate = Date
let shift = 0

setInterval(() => {
  if (existsSync(file)) shift = Number(readFileSync(file, 'utf8'))
}, 50).unref()

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...parts: readonly (string | number | Date)[]) {
    super(...((parts.length === 0 ? [RealDate.now() + shift] : parts) as [string]))
  }

  static override now(): number {
    return RealDate.now() + shift
  }
} as DateConstructor
