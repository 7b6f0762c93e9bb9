import { signal, type ReadonlySignal } from '@preact/signals'

/** What the server was asked for: as it was answered last, or why it was not. */
export interface Asked<Value> {
  /** Undefined until it is there. */
  readonly value: ReadonlySignal<Value | undefined>
  readonly problem: ReadonlySignal<unknown>
  readonly busy: ReadonlySignal<boolean>
  /** Asks again; of several questions the answer to the last one counts. */
  ask(): Promise<void>
}

export function asked<Value>(question: () => Promise<Value>): Asked<Value> {
  const value = signal<Value | undefined>(undefined)
  const problem = signal<unknown>(undefined)
  const busy = signal(false)
  let latest = 0
  return {
    value,
    problem,
    busy,
    ask: async () => {
      const number = (latest += 1)
      busy.value = true
      try {
        const answer = await question()
        if (number !== latest) return
        value.value = answer
        problem.value = undefined
      } catch (error) {
        if (number === latest) problem.value = error
      } finally {
        if (number === latest) busy.value = false
      }
    },
  }
}
