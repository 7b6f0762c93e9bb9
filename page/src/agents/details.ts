import { signal, type Signal } from '@preact/signals'
import type { AgentView, HttpClient, ListedAgent, StoredMessage } from '../../../clients/typescript/src/index.ts'
import { isAway } from '../parts/problem.tsx'

/** What a row says beyond the list: asked for when somebody sees the row, and again when the agent has had more messages. */
export interface Details {
  readonly last: StoredMessage | undefined
  /** Absent where no workflow runs, or no worker says. */
  readonly view: AgentView | undefined
}

/** A browser has six connections to a server: rows take two at the most. */
const atOnce = 2
/** So long after the server was away it is asked again. */
const againMs = 5_000

export interface RowDetails {
  /** @param seen whether somebody sees the row */
  of(agent: ListedAgent, seen: boolean): Signal<Details | undefined>
  /** Asks for nothing more. */
  close(): void
}

export function rowDetails(client: HttpClient): RowDetails {
  const known = new Map<string, { readonly of: string; readonly details: Signal<Details | undefined> }>()
  const waiting: (() => Promise<void>)[] = []
  const later = new Set<ReturnType<typeof setTimeout>>()
  let closed = false
  let running = 0
  const work = async (): Promise<void> => {
    const next = waiting.pop()
    if (next === undefined || running >= atOnce) {
      if (next !== undefined) waiting.push(next)
      return
    }
    running += 1
    await next()
    running -= 1
    void work()
  }
  const load = async (id: string, status: ListedAgent['status'], details: Signal<Details | undefined>): Promise<void> => {
    const { messages: [last] } = await client.searchRecall(id, { conversation: true, order: 'newest', limit: 1, offset: 0 })
    details.value = { last, view: details.value?.view }
    if (status !== 'live' && status !== 'parked') return
    details.value = { last, view: await client.state(id) }
  }
  const of: RowDetails['of'] = ({ key, definition: { id }, status, recall }, seen) => {
    const state = `${status ?? ''} ${recall ?? 0}`
    const found = known.get(key)
    const details = found?.details ?? signal<Details | undefined>(undefined)
    if (seen && found?.of !== state) {
      known.set(key, { of: state, details })
      const ask = (): void => {
        waiting.push(() => load(id, status, details).catch(tryLater))
        void work()
      }
      const tryLater = (error: unknown): void => {
        // Nobody could say: the row would be without its last words until the agent has others.
        if (!isAway(error) || closed) return
        const timer = setTimeout(() => {
          later.delete(timer)
          if (known.get(key)?.of === state) ask()
        }, againMs)
        later.add(timer)
      }
      ask()
    }
    return details
  }
  return {
    of,
    close: () => {
      closed = true
      waiting.length = 0
      for (const timer of later) clearTimeout(timer)
    },
  }
}
