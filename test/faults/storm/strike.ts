import { rmSync } from 'node:fs'
import { messageOf } from '../../../src/protocol/errors.ts'
import type { KillableServer } from '../support/killable-server.ts'
import type { Cast } from './bring-up.ts'
import { partsOf, type Strike, type StrikeKind } from './schedule.ts'
import { disturbFor, Hit, killFor, stopFor, type Target } from './target.ts'
import { strikeWorkflow } from './workflow-strikes.ts'

export interface Strikes {
  /** Does it, or lets it go by where another one lasts. */
  strike(strike: Strike): Promise<void>
  /** How often each kind was done. */
  readonly counts: Partial<Record<StrikeKind, number>>
  /** When nothing lasts any more; with what could not be mended. */
  healed(): Promise<readonly string[]>
}

export function strikesOn(cast: Cast, say: (line: string) => void): Strikes {
  const { servers, networks, processes, agents, temporal, temporalFile } = cast
  const temporalServer: Target = { kill: () => servers.temporal.kill(), start: () => servers.temporal.restart(), pause: () => servers.temporal.pause(), resume: () => servers.temporal.resume() }
  const targets: Readonly<Record<string, readonly Target[]>> = {
    worker: processes.worker,
    model: [processes.model],
    client: [processes.client],
    temporal: [temporalServer],
    mongodb: serverTarget(servers.mongodb),
    qdrant: serverTarget(servers.qdrant),
  }
  const networksOf: Readonly<Record<string, readonly (typeof networks.model | undefined)[]>> = { ...networks, model: [networks.model], mongodb: [networks.mongodb], qdrant: [networks.qdrant] }
  const hits = new Map<string, Hit>()
  const counts: Partial<Record<StrikeKind, number>> = {}

  const hitOf = (name: string): Hit => {
    const hit = hits.get(name) ?? new Hit()
    hits.set(name, hit)
    return hit
  }
  const blowOf = ({ kind, target, lastsMs, way }: Strike): { readonly on: string; readonly blow: () => Promise<void> } | undefined => {
    const [how, what] = partsOf(kind)
    if (what === 'agent') {
      const agentId = agents[target % agents.length] ?? ''
      const blow = async (): Promise<void> =>
        strikeWorkflow(temporal, agentId, { how, way }).then(
          (done) => say(`           ${agentId} was ${done}`),
          // Temporal is away, or the workflow is.
          (error: unknown) => say(`           ${agentId}: nothing came of it: ${messageOf(error)}`),
        )
      return { on: agentId, blow }
    }
    if (how === 'cut' || how === 'swallow' || how === 'slow') {
      const all = networksOf[what] ?? []
      const network = all[target % all.length]
      return network && { on: `network of ${what} ${target % all.length}`, blow: () => disturbFor(network, how, lastsMs) }
    }
    const all = targets[what] ?? []
    const hit = all[target % all.length]
    if (hit === undefined) return undefined
    const wiped = (): void => {
      if (how === 'empty') for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(temporalFile + ending, { force: true })
    }
    return { on: `${what} ${target % all.length}`, blow: () => (how === 'stop' ? stopFor(hit, lastsMs) : killFor(hit, lastsMs, wiped)) }
  }

  return {
    counts,
    strike: async (strike) => {
      const blow = blowOf(strike)
      if (blow === undefined) return
      const hit = hitOf(blow.on)
      // There is one, and it is not let go by.
      if (strike.kind === 'empty-temporal') await hit.healed()
      const done = hit.strike(blow.blow)
      if (done) counts[strike.kind] = (counts[strike.kind] ?? 0) + 1
      say(lineOf(strike, blow.on, done))
    },
    healed: async () => {
      const healed = await Promise.allSettled([...hits.values()].map((hit) => hit.healed()))
      return healed.flatMap((result) => (result.status === 'rejected' ? [`not healed: ${messageOf(result.reason)}`] : []))
    },
  }
}

const serverTarget = (server: KillableServer | undefined): readonly Target[] => (server === undefined ? [] : [{ ...server, start: () => server.restart() }])

const lineOf = ({ atMs, kind, lastsMs }: Strike, on: string, done: boolean): string =>
  `${new Date().toISOString()} ${(atMs / 1_000).toFixed(1).padStart(7)} s  ${kind}, ${on}${lastsMs > 0 ? ` for ${(lastsMs / 1_000).toFixed(1)} s` : ''}${done ? '' : ' (let go by: it is hit already)'}`
