import { useSignal, type ReadonlySignal } from '@preact/signals'
import { announce } from './announce.tsx'

export interface Doing {
  readonly busy: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<unknown>
  /** Does it, one thing at a time, and says what it gives; whether it was done. */
  run(work: () => Promise<string | undefined>): Promise<boolean>
}

/** A change that a person asks for, of one form or dialog. */
export function useDoing(): Doing {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  return {
    busy,
    problem,
    run: async (work) => {
      if (busy.value) return false
      busy.value = true
      problem.value = undefined
      try {
        const done = await work()
        if (done !== undefined) announce(done)
        return true
      } catch (error) {
        problem.value = error
        return false
      } finally {
        busy.value = false
      }
    },
  }
}
