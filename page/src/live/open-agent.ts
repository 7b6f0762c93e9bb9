import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { HttpClient, StoredAgent } from '../../../clients/typescript/src/index.ts'
import { codeOf, isAway } from '../parts/problem.tsx'
import { reachable } from '../shell/server.ts'
import { openConversation, type Conversation } from './conversation.ts'
import { openOutbox, type Outbox } from './outbox.ts'

/** The agent whose views are shown. */
export interface OpenAgent {
  readonly id: string
  readonly client: HttpClient
  /** Raised when another agent has taken the name: nothing that was asked for before is of this one. */
  readonly life: ReadonlySignal<number>
  /** Undefined until it is loaded. */
  readonly record: ReadonlySignal<StoredAgent | undefined>
  readonly problem: ReadonlySignal<unknown>
  /** The server knows no agent of the name, and none was there since the page shows it. */
  readonly absent: ReadonlySignal<boolean>
  readonly conversation: Conversation
  /** Goes on sending whichever view is shown. */
  readonly outbox: Outbox
  /** After a change of its definition. */
  reload(): Promise<void>
  close(): void
}

/** What each view of an agent gets. */
export interface ViewProps {
  readonly agent: OpenAgent
  /** What follows the view's name in the address. */
  readonly rest: readonly string[]
}

export function openAgent(client: HttpClient, id: string): OpenAgent {
  const record = signal<StoredAgent | undefined>(undefined)
  const problem = signal<unknown>(undefined)
  const absent = signal(false)
  const life = signal(1)
  const conversation = openConversation(client, id)
  const outbox = openOutbox({ client, conversation, agentId: id })
  let had = false
  const reload = async (): Promise<void> => {
    try {
      const found = await client.get(id)
      batch(() => {
        had ||= found !== undefined
        absent.value = !had
        problem.value = found === undefined && had ? new Error(`There is no agent “${id}” any more.`) : undefined
        record.value = found
      })
    } catch (error) {
      problem.value = error
    }
  }
  void reload()
  // What could not be had while the server was away, or took no key that was here, is asked for once it can be.
  const stop = effect(() => {
    if (reachable.value && (isAway(problem.peek()) || codeOf(problem.peek()) === 'key-refused')) untracked(() => void reload())
  })
  conversation.listen(({ type }) => {
    if (type !== 'replaced') return
    life.value += 1
    void reload()
  })
  return {
    id, client, life, record, problem, absent, conversation, outbox, reload,
    close: () => {
      stop()
      outbox.close()
      conversation.close()
    },
  }
}
