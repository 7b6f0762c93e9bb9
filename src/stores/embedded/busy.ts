import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { messageOf, PerdureError } from '../../protocol/errors.ts'

/** Does something with the file, again and again while another process holds it, with pauses in which this process goes on. */
export type WhileBusy = <Result>(action: () => Result | Promise<Result>) => Promise<Result>

const firstPauseMs = 1
const longestPauseMs = 50
const usualPatienceMs = 10_000

/**
 * @param patienceMs how long somebody else may hold the file. Default: 10 s
 * @returns a function that does its action at least once. The action is done whole each time, so it has to bear a repetition.
 * It throws PerdureError `server-unavailable` when patience ends: what was asked can be asked again.
 */
export function whileBusyOf(file: string, patienceMs = usualPatienceMs): WhileBusy {
  // Those who wait stand in a line: only its head tries, and between two of them the event loop has its turn.
  let end: Promise<unknown> = Promise.resolve()
  const inLine = <Result>(wait: () => Promise<Result>): Promise<Result> => {
    const waiting = end.then(wait)
    end = waiting.then(aMoment, aMoment)
    return waiting
  }
  const untilFree = async <Result>(action: () => Result | Promise<Result>, startedAt: number): Promise<Result> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await action()
      } catch (error) {
        if (!isBusy(error)) throw error
        if (performance.now() - startedAt >= patienceMs) throw heldTooLong(file, patienceMs, error)
      }
      // Of two processes that wait none comes always at the moment of the other.
      await sleep(pauseMs * (0.5 + Math.random()))
    }
  }
  const inTurn = turnsOfTheLoop()
  return async (action) => {
    const wait = inTurn()
    if (wait !== undefined) await wait
    const startedAt = performance.now()
    try {
      return await action()
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    return inLine(() => untilFree(action, startedAt))
  }
}

/** Milliseconds for which calls may follow one another without a turn of the event loop in between. */
const turnMs = 10

/**
 * The driver's calls are synchronous: whoever makes one after the other, and awaits nothing else, would hold the event loop until the last of
 * them. The returned function gives what is to be awaited before the next one, if it is time.
 */
function turnsOfTheLoop(): () => Promise<void> | undefined {
  let began: number | undefined
  return () => {
    if (began !== undefined) return performance.now() - began < turnMs ? undefined : setImmediate()
    began = performance.now()
    void setImmediate().then(() => (began = undefined))
    return undefined
  }
}

const aMoment = (): Promise<void> => setImmediate()

/** Another connection holds a lock that is needed: `SQLITE_BUSY`, or a kind of it. Nothing of the statement, or of the transaction, was done. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')
}

/** A store all of whose functions go through `whileBusy`. They have to be functions that make a promise, and bear a repetition. */
export function patient<Store extends object>(store: Store, whileBusy: WhileBusy): Store {
  const members = Object.entries(store) as [string, (...args: readonly unknown[]) => Promise<unknown>][]
  return Object.fromEntries(members.map(([name, member]) => [name, (...args: readonly unknown[]) => whileBusy(() => member(...args))])) as Store
}

function heldTooLong(file: string, patienceMs: number, cause: unknown): PerdureError {
  const text = `another process has held the memory file ${file} for ${patienceMs / 1_000} seconds (${messageOf(cause)}). What was asked of it can be asked again when it is free`
  return new PerdureError('server-unavailable', text, { cause })
}
