import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { errorCodes } from '../protocol/errors.ts'
import { homeFiles } from './home.ts'
import { isAlive, processesOfSession, type ProcessIdentity } from './process-identity.ts'
import { writeAtomically } from './write-atomically.ts'

const identitySchema = z.object({ pid: z.int(), started: z.string() })
const childSchema = z.object({
  name: z.enum(['temporal', 'model', 'worker', 'http']),
  /** Absent between an end and the next start. */
  process: identitySchema.optional(),
  ready: z.boolean(),
  restarts: z.int(),
  /** Why it has not come to serve, where it has been tried. */
  problem: z.string().optional(),
})

/** What `stack.json` holds: written by the supervisor alone, read by everybody. No secret is in it. */
export const stackStateSchema = z.object({
  format: z.literal(1),
  supervisor: identitySchema,
  /** ISO 8601. */
  since: z.string(),
  phase: z.enum(['starting', 'ready', 'stopping', 'stopped', 'failed']),
  /** What it is busy with, and for how many seconds. */
  progress: z.object({ what: z.string(), seconds: z.number() }).optional(),
  failure: z.object({ code: z.enum(errorCodes), message: z.string() }).optional(),
  /** The settings that a process must share to join: see `stackSettings`. */
  settings: z.record(z.string(), z.string()),
  temporal: z.object({ address: z.string(), namespace: z.string(), uiUrl: z.string().optional() }).optional(),
  modelUrl: z.string().optional(),
  /** Where agents are served over HTTP, once nothing is in the way. */
  httpUrl: z.string().optional(),
  /** The next start takes these ports again if they are free. */
  ports: z.object({ temporal: z.int().optional(), ui: z.int().optional(), model: z.int().optional(), http: z.int().optional() }),
  children: z.array(childSchema),
})

export type StackState = z.infer<typeof stackStateSchema>
export type StackChild = z.infer<typeof childSchema>

/** The names of the children for a person. */
export const titleOf: Readonly<Record<StackChild['name'], string>> = {
  temporal: 'the Temporal server',
  model: 'the simulated model',
  worker: 'the worker',
  http: 'the server of agents over HTTP',
}

/** The present or last stack of a home; undefined where there never was one, or what is there can't be read. */
export function readStackState(home: string): StackState | undefined {
  try {
    return stackStateSchema.parse(JSON.parse(readFileSync(homeFiles(home).stack, 'utf8')))
  } catch {
    return undefined
  }
}

export function writeStackState(home: string, state: StackState): void {
  writeAtomically(homeFiles(home).stack, `${JSON.stringify(state, undefined, 2)}\n`)
}

/** Processes of a stack whose supervisor has died without stopping them. */
export function orphansOf(home: string, state: StackState): ProcessIdentity[] {
  if (isAlive(state.supervisor)) return []
  const recorded = state.children.map((child) => child.process).filter((process) => process !== undefined)
  const all = [...recorded, ...processesOfSession(state.supervisor.pid, home)].filter((process) => isAlive(process))
  return [...new Map(all.map((process) => [process.pid, process])).values()]
}
