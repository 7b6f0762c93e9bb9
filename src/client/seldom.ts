import type { IndexedRun } from './indexed-runs.ts'

/** A workflow is asked at least so often: whatever else has become of the event, it knows. */
const askEveryMs = 30_000

export interface SeldomAsking {
  /** Whether the workflow is to be asked now. @param ofPark whether a park would end the waiting */
  readonly isDue: (run: IndexedRun, ofPark: boolean) => Promise<boolean>
  /** The run has answered. */
  readonly asked: (run: IndexedRun) => void
}

/**
 * When one who waits asks the agent's workflow for an event that it has accepted. Each look takes a worker's time, while the server tells by
 * itself what matters: an agent that is parked is shown as parked, and only a run that does not go on from the one before may have lost the event.
 * @param goesOn whether one run goes on from another with all that it had
 */
export function seldom(goesOn: (runs: { readonly from: string; readonly to: string }) => Promise<boolean>, now: () => number = Date.now): SeldomAsking {
  let latest: string | undefined
  let askedAt = now()
  return {
    isDue: async ({ runId, status }, ofPark) => {
      latest ??= runId
      if ((ofPark && status === 'parked') || now() - askedAt >= askEveryMs) return true
      if (latest === runId) return false
      if (!(await goesOn({ from: latest, to: runId }))) return true
      latest = runId
      return false
    },
    asked: ({ runId }) => {
      latest = runId
      askedAt = now()
    },
  }
}
