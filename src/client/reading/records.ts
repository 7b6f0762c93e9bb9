import { isAwayForNow } from '../../protocol/errors.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import type { TurnStore } from '../../stores/turns.ts'
import { restAfter, type Looking } from './looking.ts'

/** A record is looked for at first every so often, then less often, by the time that was waited: what that adds to a turn is a twentieth of it. */
const firstPauseMs = 2
const longestPauseMs = 250
const shareOfWait = 0.05

export interface RecordWanted<Found> {
  /** The key. */
  readonly agentId: string
  readonly eventId: string
  /** What a record comes to; undefined for one that is not waited for. */
  readonly read: (record: TurnOutcome) => Found | undefined
  readonly signal: AbortSignal
}

export interface Records {
  /** Waits for the record of an event's turn, however long the store is away. Throws the signal's reason. */
  next<Found>(wanted: RecordWanted<Found>): Promise<Found>
}

interface Waiter {
  readonly agentId: string
  readonly eventId: string
  readonly since: number
  dueAt: number
  /** True where it is what was waited for. */
  take(record: TurnOutcome): boolean
  fail(error: Error): void
}

/** Reads the records of turns for all who wait for one: those that are due, in one question. */
export function recordsOf(turns: Pick<TurnStore, 'ofEvents'>, looking: Looking): Records {
  const waiters = new Set<Waiter>()
  let restUntil = 0

  const read = async (due: readonly Waiter[]): Promise<void> => {
    try {
      const found = await turns.ofEvents(due.map(({ agentId, eventId }) => ({ agentId, eventId })))
      const records = new Map(found.map(({ agentId, outcome }) => [JSON.stringify([agentId, outcome.eventId]), outcome]))
      for (const waiter of due) {
        const record = records.get(JSON.stringify([waiter.agentId, waiter.eventId]))
        if (record !== undefined && waiter.take(record)) waiters.delete(waiter)
      }
    } catch (error) {
      if (isAwayForNow(error)) return
      const [waiter, ...others] = due
      if (waiter === undefined) return
      // A record that can't be read is one waiter's matter.
      if (others.length > 0) return eachAlone(due)
      waiters.delete(waiter)
      waiter.fail(error as Error)
    }
  }

  const eachAlone = async (due: readonly Waiter[]): Promise<void> => {
    for (const waiter of due) await read([waiter])
  }

  looking.add({
    dueAt: () => Math.max(restUntil, Math.min(...[...waiters].map(({ dueAt }) => dueAt))),
    look: async () => {
      const startedAt = performance.now()
      const due = [...waiters].filter(({ dueAt }) => dueAt <= startedAt)
      await read(due)
      const now = performance.now()
      // Of the time no more than half is spent on looking.
      restUntil = now + restAfter(now - startedAt, { least: firstPauseMs, times: 1 })
      for (const waiter of due) waiter.dueAt = now + Math.max(firstPauseMs, Math.min(longestPauseMs, (now - waiter.since) * shareOfWait))
    },
  })

  return {
    next: ({ agentId, eventId, read: comesTo, signal }) =>
      new Promise((resolve, reject) => {
        const since = performance.now()
        const leave = (): void => {
          waiters.delete(waiter)
          reject(signal.reason as Error)
        }
        const waiter: Waiter = {
          agentId,
          eventId,
          since,
          dueAt: since,
          take: (record) => {
            const found = comesTo(record)
            if (found === undefined) return false
            signal.removeEventListener('abort', leave)
            resolve(found)
            return true
          },
          fail: (error) => {
            signal.removeEventListener('abort', leave)
            reject(error)
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiters.add(waiter)
        looking.wake()
      }),
  }
}
