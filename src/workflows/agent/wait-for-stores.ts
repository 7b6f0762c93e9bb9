import { CancellationScope, condition, isCancellation, patched, sleep } from '@temporalio/workflow'
import type { AgentState, Parked } from '../../protocol/state.ts'
import { awaitStores } from './activities.ts'
import { isStoresAway } from './park.ts'
import { parkedOutcome } from './turn-outcome.ts'

/** Whether the agent stands still because of its stores. Where a store was full, runs of earlier versions wait by a timer, as for other reasons. */
export function waitsForStores(parked: Parked | undefined): boolean {
  return parked !== undefined && isStoresAway(parked) && (parked.reason !== 'store-full' || patched('await-stores'))
}

/**
 * Until the stores answer, or somebody asks for something. It is an activity that waits, and the server that tries it again: so days cost
 * no more events than seconds, and the agent goes on within half a minute after the stores are back. True where they are.
 */
export async function waitForStores(state: AgentState, asked: () => boolean): Promise<boolean> {
  const { parked, running, agentId } = state
  if (parked === undefined || asked()) return false
  const outcome = running && parkedOutcome(running, parked, Date.now())
  let back = false
  const asking = new CancellationScope()
  const answered = asking.run(async () => {
    // They have said that they are back before, and it was not so.
    const pause = (parked.retryAt ?? 0) - Date.now()
    if (pause > 0) await sleep(pause)
    await awaitStores({ agentId, ...(outcome && { outcome }) })
    back = true
  })
  const ended = answered.catch((error: unknown) => {
    if (!isCancellation(error)) throw error
  })
  await Promise.race([condition(() => back || asked()), ended])
  asking.cancel()
  await ended
  return back
}
