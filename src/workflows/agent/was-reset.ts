/**
 * Temporal gives what came after the point of a reset to the new run again. A run that is given this with its first task takes the signals before the
 * updates, whichever were accepted first. So after a reset the order says nothing, and the run looks into the stores, which have the right one.
 */
import { patched } from '@temporalio/workflow'
import { maybeGetActivator } from '@temporalio/workflow/lib/global-attributes.js'

export interface Seeded {
  /** The seed of the random numbers when the run last looked into the stores; at first that of its beginning. */
  seedSeen: string
}

/**
 * Nothing that the SDK documents tells a workflow of its reset. But random numbers have another seed from the history's event on by which the
 * run was reset, and a seed is changed by nothing else, also where a history is replayed from a file. This reads the seed, and draws no number.
 */
const seedNow = (): string => maybeGetActivator()?.randomnessSeed.join() ?? ''

/** This file is loaded once for each run, and before the event is told of by which a run is reset to its first task. */
export const firstSeed = seedNow()

/** Whether the run was reset, and has not looked into the stores since. Earlier versions did not look. */
export function wasReset({ seedSeen }: Readonly<Seeded>): boolean {
  return seedNow() !== seedSeen && patched('order-after-reset')
}

export function noteReset(run: Seeded): void {
  run.seedSeen = seedNow()
}
