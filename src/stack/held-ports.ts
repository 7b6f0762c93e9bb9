import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Environment } from '../config/config.ts'
import { tryLock } from './exclusive-lock.ts'
import { cacheFolder } from './home.ts'
import { isAlive, ownIdentity } from './process-identity.ts'
import { writeAtomically } from './write-atomically.ts'

/** Ports of other stacks, each with the folder of its stack. Nobody may listen on one at the moment: its server is about to start, or to start again. */
export type HeldPorts = ReadonlyMap<number, string>

const holderSchema = z.object({ pid: z.int(), started: z.string(), home: z.string() })
const everyMs = 20
/** A choice takes milliseconds, and seconds where it asks who listens on a port. */
const atMostMs = 10_000

/**
 * Chooses a port that this process holds until it ends: no other stack of this user chooses it meanwhile, also while nobody listens there. A server that
 * dies and is started again on its port would otherwise find another stack's server there, and be taken for it.
 * Nothing is held where the folder that these stacks share can't be written to or locked.
 * @param choose given the ports of other stacks
 */
export async function holdPort(
  { env, home, signal }: { readonly env: Environment; readonly home: string; readonly signal: AbortSignal },
  choose: (others: HeldPorts) => Promise<number>,
): Promise<number> {
  const folder = join(cacheFolder(env), 'ports')
  const unlock = await lockedIn(folder, signal)
  if (unlock === undefined) return choose(new Map())
  try {
    const port = await choose(heldByOthers(folder))
    writeAtomically(join(folder, String(port)), JSON.stringify({ ...ownIdentity(), home }))
    return port
  } finally {
    unlock()
  }
}

async function lockedIn(folder: string, signal: AbortSignal): Promise<(() => void) | undefined> {
  try {
    mkdirSync(folder, { recursive: true })
    for (const begun = performance.now(); performance.now() - begun < atMostMs; ) {
      const unlock = tryLock(join(folder, 'lock'))
      if (unlock !== undefined) return unlock
      await sleep(everyMs, undefined, { signal })
    }
  } catch {
    signal.throwIfAborted()
  }
  return undefined
}

/** Removes what dead processes held. */
function heldByOthers(folder: string): HeldPorts {
  const others = new Map<number, string>()
  for (const name of readdirSync(folder).filter((name) => /^\d+$/.test(name))) {
    const file = join(folder, name)
    const holder = holderIn(file)
    if (holder === undefined || !isAlive(holder)) rmSync(file, { force: true })
    else if (holder.pid !== process.pid) others.set(Number(name), holder.home)
  }
  return others
}

function holderIn(file: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
