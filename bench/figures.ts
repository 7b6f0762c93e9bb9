import { appendFileSync } from 'node:fs'
import type { AimId } from './report/aims.ts'
import { figuresFile, type Told } from './report/told.ts'

/** Tells a figure for which there is an aim. By itself a bench prints what it has measured; `npm run bench` keeps the figure too. */
export function figure(aim: AimId, value: number): void {
  tell({ aim, value })
}

/** Tells which server the figures depend on: kind and version. */
export function measuredWith(server: string): void {
  tell({ server })
}

function tell(told: Told): void {
  const file = process.env[figuresFile]
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(told)}\n`)
}
