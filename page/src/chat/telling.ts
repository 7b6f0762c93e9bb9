import { useSignal, type ReadonlySignal } from '@preact/signals'
import type { OpenAgent } from '../live/open-agent.ts'

export interface Telling {
  readonly busy: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<unknown>
  /** Does it, and shows how the agent stands then. */
  readonly tell: (work: () => Promise<unknown>) => Promise<void>
}

/** What a person tells an agent beside the conversation. */
export function useTelling({ conversation }: OpenAgent): Telling {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(undefined)
  const tell = async (work: () => Promise<unknown>): Promise<void> => {
    busy.value = true
    problem.value = undefined
    try {
      await work()
    } catch (error) {
      problem.value = error
    }
    // Also where it was refused: somebody else may have done it before.
    await conversation.refresh()
    busy.value = false
  }
  return { busy, problem, tell }
}
