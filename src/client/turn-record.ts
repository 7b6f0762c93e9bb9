import { setTimeout as sleep } from 'node:timers/promises'
import { isAwayForNow } from '../protocol/errors.ts'
import type { TurnOutcome } from '../protocol/turn.ts'
import type { TurnStore } from '../stores/stores.ts'

/** The store is read at first every so often, then less often, by the time that was waited: what that adds to a turn is a twentieth of it. */
const firstPauseMs = 2
const longestPauseMs = 250
const shareOfWait = 0.05
/** However many wait in this process, the store is read no more often than this for each of them. */
const pausePerWaiterMs = 2

/** Whether somebody else knows more is asked first after this, then less often, and not more often than this for each who waits. */
const firstLookMs = 1_000
const longestLookMs = 5_000
const lookPerWaiterMs = 100

export interface TurnWait<Found> {
  readonly agentId: string
  readonly eventId: string
  readonly signal?: AbortSignal | undefined
  /** What a record comes to; undefined for one that is not waited for. */
  readonly read: (record: TurnOutcome) => Found | undefined
  /** Looks where else an end may show, and mends what would let one wait for ever. Undefined: wait on. What it throws ends the waiting. */
  readonly look: (signal: AbortSignal) => Promise<Found | undefined>
}

export type WaitForRecord = <Found>(wait: TurnWait<Found>) => Promise<Found>

/** Waits for records of turns; all that wait by one of these share how often the store is read. */
export function recordWaiting(turns: TurnStore): WaitForRecord {
  let waiters = 0
  return async ({ agentId, eventId, signal, read, look }) => {
    const over = new AbortController()
    const since = performance.now()
    const waited = (): number => performance.now() - since
    let nextLook = firstLookMs
    let seen: { readonly found: Awaited<ReturnType<typeof look>> } | undefined
    let failed: { readonly error: unknown } | undefined
    const lookNow = async (): Promise<void> => {
      nextLook = Infinity
      try {
        const found = await look(over.signal)
        if (found !== undefined) seen = { found }
      } catch (error) {
        if (!isAwayForNow(error)) failed = { error }
      }
      nextLook = waited() + Math.max(Math.min(longestLookMs, firstLookMs + waited() / 2), waiters * lookPerWaiterMs)
    }
    let looking: Promise<void> | undefined
    waiters += 1
    try {
      for (;;) {
        signal?.throwIfAborted()
        const last = failed
        const record = await turns.byEvent(agentId, eventId).catch(unlessAway)
        const found = record && read(record)
        if (found !== undefined) return found
        if (last !== undefined) throw last.error
        if (seen?.found !== undefined) return seen.found
        if (waited() >= nextLook) looking = lookNow()
        await pause(Math.max(firstPauseMs, waiters * pausePerWaiterMs, Math.min(longestPauseMs, waited() * shareOfWait)), signal)
      }
    } finally {
      waiters -= 1
      over.abort()
      // Nothing is left on its way: a connection that is closed now must not be asked any more.
      await looking
    }
  }
}

/** What was accepted is waited for also while the store is away. */
function unlessAway(error: unknown): undefined {
  if (!isAwayForNow(error)) throw error
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
