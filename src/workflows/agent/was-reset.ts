/**
 * Temporal gives what came after the point of a reset to the new run again. A run that is given this with its first task takes the signals before the
 * updates, whichever were accepted first. So after a reset the order says nothing, and the run looks into the stores, which have the right one.
 */
import { patched } from '@temporalio/workflow'
import { maybeGetActivator } from '@temporalio/workflow/lib/global-attributes.js'
import type { AgentState } from '../../protocol/state.ts'
import { thisRun } from '../this-run.ts'

export interface Seeded {
  /** The seed of the random numbers when the run last looked into the stores; at first that of its beginning. */
  seedSeen: string
}

/**
 * Nothing that the SDK documents tells a workflow of its reset. But random numbers have another seed from the history's event on by which the
 * run was reset, and a seed is changed by nothing else, also where a history is replayed from a file. This reads the seed, and draws no number.
 */
const seedNow = (): string => maybeGetActivator()?.randomnessSeed.join() ?? ''

const firstSeeds = new WeakMap<object, string>()

/** To be called while a run is loaded: before the event is told of by which a run is reset to its first task. */
export function noteFirstSeed(): void {
  firstSeeds.set(thisRun(), seedNow())
}

export const firstSeed = (): string => firstSeeds.get(thisRun()) ?? ''

/** Whether the run was reset, and has not looked into the stores since. Earlier versions did not look. */
export function wasReset({ seedSeen }: Readonly<Seeded>): boolean {
  return seedNow() !== seedSeen && patched('order-after-reset')
}

/**
 * Whether the run was reset to where it stands still, and has not looked into the stores since: what it waits for may have happened, and a timer that it
 * has may have been taken away. A step, or a park that ends by itself, finds out what the stores know better. Earlier versions stood still on.
 */
export function hasToLook({ seedSeen, state: { opened, parked, running } }: Readonly<Seeded> & { readonly state: Readonly<AgentState> }): boolean {
  const waitsForSomebody = parked === undefined ? running === undefined : parked.calls !== undefined || parked.retryAt === undefined
  return opened && waitsForSomebody && seedNow() !== seedSeen && patched('look-after-reset')
}

export function noteReset(run: Seeded): void {
  run.seedSeen = seedNow()
}
