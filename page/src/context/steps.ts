import { signal, type ReadonlySignal } from '@preact/signals'
import type { HttpClient, StepOfTurn, StoredMessage } from '../../../clients/typescript/src/index.ts'

/** The steps of an agent, newest first, as far as they are loaded. */
export interface Steps {
  readonly list: ReadonlySignal<readonly StoredMessage[]>
  readonly loaded: ReadonlySignal<boolean>
  readonly more: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<unknown>
  /** Loads the newest anew; those that are loaded stay. */
  refresh(): Promise<void>
  older(): Promise<void>
}

const pageSize = 50

/** What was said before an agent was there, and steps that were cancelled, had no prompt. */
export const hasPrompt = ({ context }: StoredMessage): boolean => context?.prompt !== undefined

export const isStep = (one: StepOfTurn, other: StepOfTurn | undefined): boolean => one.turn === other?.turn && one.step === other.step

export function openSteps(client: HttpClient, agentId: string): Steps {
  const list = signal<readonly StoredMessage[]>([])
  const loaded = signal(false)
  const more = signal(false)
  const problem = signal<unknown>(undefined)
  const page = async (before?: number): Promise<void> => {
    try {
      const { messages } = await client.searchRecall(agentId, { roles: ['assistant'], limit: pageSize, ...(before !== undefined && { before }) })
      // So many may have come meanwhile that some between are not known: then what was known before is asked for again.
      const joins = before !== undefined || messages.length < pageSize || (messages.at(-1)?.seq ?? 0) <= (list.value[0]?.seq ?? 0)
      const known = new Map([...(joins ? list.value : []), ...messages].map((message) => [message.seq, message]))
      list.value = [...known.values()].sort((one, other) => other.seq - one.seq)
      if (before !== undefined || !joins || !loaded.value) more.value = messages.length === pageSize
      loaded.value = true
      problem.value = undefined
    } catch (error) {
      problem.value = error
    }
  }
  return { list, loaded, more, problem, refresh: () => page(), older: () => page(list.value.at(-1)?.seq) }
}
