import { Context } from '@temporalio/activity'
import type { Stores } from '../src/stores/stores.ts'

export interface StoreCall {
  /** Its path in the stores: `memory.messages.insert`. */
  readonly name: string
  /** The activity that has made it, or `client`. */
  readonly by: string
  /** What stands first in its arguments, shortened: which of several calls of one function it was. */
  readonly of: string
  readonly startedAt: number
  readonly endedAt: number
}

/** The same stores; each call that they answer is told. */
export function countedStores(stores: Stores, told: (call: StoreCall) => void): Stores {
  const watched = (part: object, path: string): object =>
    new Proxy(part, {
      get: (target, key, receiver) => {
        const member: unknown = Reflect.get(target, key, receiver)
        if (typeof key === 'symbol') return member
        const name = path === '' ? key : `${path}.${key}`
        if (typeof member === 'object' && member !== null) return watched(member, name)
        if (typeof member !== 'function') return member
        return (...args: readonly unknown[]): unknown => {
          const startedAt = performance.now()
          const answer: unknown = Reflect.apply(member, target, args)
          const by = activityNow()
          const ended = (): void => told({ name, by, of: JSON.stringify([args[1] ?? args[0]]).slice(1, 60), startedAt, endedAt: performance.now() })
          if (answer instanceof Promise) answer.then(ended, ended)
          return answer
        }
      },
    })
  return watched(stores, '') as Stores
}

/** So many calls at least came one after the other: none of them had begun when the one before it ended. */
export function inSequence(calls: readonly StoreCall[]): number {
  let count = 0
  let end = -Infinity
  for (const call of calls.toSorted((one, other) => one.endedAt - other.endedAt)) {
    if (call.startedAt < end) continue
    count += 1
    end = call.endedAt
  }
  return count
}

function activityNow(): string {
  try {
    return Context.current().info.activityType
  } catch {
    return 'client'
  }
}
