import type { HttpClient, TurnEvent } from '../../../clients/typescript/src/index.ts'
import { codeOf } from '../parts/problem.tsx'

export interface FollowOptions {
  readonly client: HttpClient
  readonly agentId: string
  /** A sequence number: what comes after it is told. */
  readonly after: number
  readonly onEvents: (events: readonly TurnEvent[]) => void
  /** What ended it, or what is tried again. */
  readonly onProblem: (error: unknown) => void
  readonly signal: AbortSignal
}

/** Each stream holds one of the six connections that a browser opens to a server: a tab that nobody looks at gives its one back. */
const hiddenMs = 5_000
const againMs = 1_000
/** Events that come close together are told together: the page is drawn once for them. */
const gatherMs = 16

/** Nothing of these can change by asking again. */
const final: ReadonlySet<string> = new Set(['agent-unknown', 'agent-archived', 'invalid-argument', 'key-refused', 'scope-missing'])

/** Tells what happens to an agent, until the signal; when somebody looks again, from where it was. */
export async function follow({ client, agentId, after, onEvents, onProblem, signal }: FollowOptions): Promise<void> {
  let place: number | string = after
  let gathered: TurnEvent[] = []
  const tell = (): void => {
    const events = gathered
    gathered = []
    if (!over() && events.length > 0) onEvents(events)
  }
  const over = (): boolean => signal.aborted
  while (!over()) {
    await shownAgain(signal)
    const leaving = new AbortController()
    const letGo = leaveWhenHidden(leaving, signal)
    try {
      for await (const event of client.watch(agentId, { after: place, signal: leaving.signal })) {
        place = event.id
        if (gathered.push(event) === 1) setTimeout(tell, gatherMs)
      }
    } catch (error) {
      if (over()) return
      tell()
      onProblem(error)
      if (final.has(codeOf(error) ?? '')) return
      await new Promise((resolve) => setTimeout(resolve, againMs))
    } finally {
      letGo()
    }
  }
}

function shownAgain(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve()
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.hidden && !signal.aborted) return
      document.removeEventListener('visibilitychange', look)
      signal.removeEventListener('abort', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
    signal.addEventListener('abort', look)
  })
}

function leaveWhenHidden(leaving: AbortController, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const leave = (): void => leaving.abort()
  const look = (): void => {
    clearTimeout(timer)
    if (document.hidden) timer = setTimeout(leave, hiddenMs)
  }
  look()
  document.addEventListener('visibilitychange', look)
  signal.addEventListener('abort', leave)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
    signal.removeEventListener('abort', leave)
  }
}
