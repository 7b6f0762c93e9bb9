import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAwayForNow } from '../protocol/errors.ts'
import type { TurnStore } from '../stores/turns.ts'
import { abortWith } from './abort-with.ts'
import type { RecordWanted, Records } from './reading/records.ts'

/** Whether somebody else knows more is asked first after this, then less often, and not more often than this for each who waits. */
const firstLookMs = 1_000
const longestLookMs = 5_000
const lookPerWaiterMs = 100

export interface TurnWait<Found> extends Omit<RecordWanted<Found>, 'signal'> {
  readonly signal?: AbortSignal | undefined
  /** Looks where else an end may show, and mends what would let one wait for ever. Undefined: wait on. What it throws ends the waiting. */
  readonly look: (signal: AbortSignal) => Promise<Found | undefined>
}

export type WaitForRecord = <Found>(wait: TurnWait<Found>) => Promise<Found>

/** Waits for records of turns; all that wait by one of these share how often somebody else is asked. */
export function recordWaiting(records: Records, turns: Pick<TurnStore, 'byEvent'>): WaitForRecord {
  let waiters = 0
  return async ({ agentId, eventId, signal, read, look }) => {
    const over = new AbortController()
    const leave = over.signal
    const letGo = abortWith(over, signal)
    const since = performance.now()

    /** Temporal's client leaves a listener on the signal for each of its calls, so that each look has a signal of its own, for any number of them. */
    const lookOnce = async () => {
      const looking = new AbortController()
      setMaxListeners(0, looking.signal)
      const lookedEnough = abortWith(looking, leave)
      try {
        return await look(looking.signal).catch(unlessAway)
      } finally {
        lookedEnough()
      }
    }
    const lookOn = async () => {
      for (let pauseMs = firstLookMs; ; pauseMs = Math.max(Math.min(longestLookMs, firstLookMs + (performance.now() - since) / 2), waiters * lookPerWaiterMs)) {
        await sleep(pauseMs, undefined, { signal: leave })
        const found = await lookOnce()
        if (found !== undefined) return found
      }
    }
    /** A record counts before anything else, also where both have come. */
    const recorded = async () => {
      const record = await turns.byEvent(agentId, eventId).catch(unlessAway)
      return record && read(record)
    }
    const lookElsewhere = async () => {
      try {
        const found = await lookOn()
        return (await recorded()) ?? found
      } catch (error) {
        const found = leave.aborted ? undefined : await recorded()
        if (found === undefined) throw error
        return found
      }
    }
    leave.throwIfAborted()
    waiters += 1
    const elsewhere = lookElsewhere()
    try {
      return await Promise.race([records.next({ agentId, eventId, read, signal: leave }), elsewhere])
    } finally {
      waiters -= 1
      letGo()
      over.abort()
      // Nothing is left on its way: a connection that is closed now must not be asked any more.
      await elsewhere.catch(() => undefined)
    }
  }
}

/** What was accepted is waited for also while the store is away. */
function unlessAway(error: unknown): undefined {
  if (!isAwayForNow(error)) throw error
}
