import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { homeFiles } from './home.ts'
import { isAlive, ownIdentity } from './process-identity.ts'
import { writeAtomically } from './write-atomically.ts'

const leaseSchema = z.object({ pid: z.int(), started: z.string() })
let taken = 0

/** Says that this process uses the stack, until the lease is given back or the process ends. */
export function takeLease(home: string): { release(): void } {
  taken += 1
  const file = join(homeFiles(home).leases, `${process.pid}.${taken}`)
  writeAtomically(file, JSON.stringify(ownIdentity()))
  return { release: () => rmSync(file, { force: true }) }
}

/** Counts the leases of processes that live, and removes the others. */
export function countLeases(home: string): number {
  const folder = homeFiles(home).leases
  if (!existsSync(folder)) return 0
  return readdirSync(folder).filter((name) => /^\d+\.\d+$/.test(name) && isHeld(join(folder, name))).length
}

function isHeld(file: string): boolean {
  try {
    if (isAlive(leaseSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))) return true
    rmSync(file, { force: true })
    return false
  } catch {
    // Given back meanwhile.
    return false
  }
}
