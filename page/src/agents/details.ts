import { signal, type Signal } from '@preact/signals'
import type { AgentView, HttpClient, ListedAgent, StoredMessage } from '../../../clients/typescript/src/index.ts'

/** What a row says beyond the list: asked for when somebody sees the row, and again when the agent has had more messages. */
export interface Details {
  readonly last: StoredMessage | undefined
  /** Absent where no workflow runs, or no worker says. */
  readonly view: AgentView | undefined
}

/** A browser has six connections to a server: rows take two at the most. */
const atOnce = 2

export function rowDetails(client: HttpClient) {
  const known = new Map<string, { readonly of: string; readonly details: Signal<Details | undefined> }>()
  const waiting: (() => Promise<void>)[] = []
  let running = 0
  const work = async (): Promise<void> => {
    const next = waiting.pop()
    if (next === undefined || running >= atOnce) {
      if (next !== undefined) waiting.push(next)
      return
    }
    running += 1
    await next().catch(() => undefined)
    running -= 1
    void work()
  }
  const load = async (id: string, status: ListedAgent['status'], details: Signal<Details | undefined>): Promise<void> => {
    const { messages: [last] } = await client.searchRecall(id, { conversation: true, order: 'newest', limit: 1, offset: 0 })
    details.value = { last, view: details.value?.view }
    if (status !== 'live' && status !== 'parked') return
    details.value = { last, view: await client.state(id) }
  }
  /** @param seen whether somebody sees the row */
  return ({ key, definition: { id }, status, recall }: ListedAgent, seen: boolean): Signal<Details | undefined> => {
    const state = `${status ?? ''} ${recall ?? 0}`
    const found = known.get(key)
    const details = found?.details ?? signal<Details | undefined>(undefined)
    if (seen && found?.of !== state) {
      known.set(key, { of: state, details })
      waiting.push(() => load(id, status, details))
      void work()
    }
    return details
  }
}

export type RowDetails = ReturnType<typeof rowDetails>
