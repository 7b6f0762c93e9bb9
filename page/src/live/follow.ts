import type { HttpClient, TurnEvent } from '../../../clients/typescript/src/index.ts'
import { codeOf } from '../parts/problem.tsx'

export interface FollowOptions {
  readonly client: HttpClient
  readonly agentId: string
  /** A sequence number: what comes after it is told. */
  readonly after: number
  readonly onEvents: (events: readonly TurnEvent[]) => void
  /** The server tells from now on. */
  readonly onReached: () => void
  /** The agent has not come to where this was, as its stores were put back to an earlier day: it is over. */
  readonly onPutBack: () => void
  /** What ended it, or what is tried again. */
  readonly onProblem: (error: unknown) => void
  readonly signal: AbortSignal
}

/** Each stream holds one of the six connections that a browser opens to a server: a tab that nobody looks at gives its one back. */
const hiddenMs = 5_000
export const againMs = 1_000
/** Where no frame is drawn, as in a tab that has just been hidden, what came is told all the same. */
const undrawnMs = 100

/** Nothing of these can change by asking again. A refused key is none: the page asks for another one. */
const final: ReadonlySet<string> = new Set(['agent-unknown', 'agent-archived', 'invalid-argument', 'scope-missing'])
export const isFinal = (error: unknown): boolean => final.has(codeOf(error) ?? '')

export interface Following {
  /** Goes on over another connection, from where it was: the one that is open may be dead, which a browser notices late. */
  again(): void
}

/** Tells what happens to an agent, until the signal; when somebody looks again, from where it was. */
export function follow(options: FollowOptions): Following {
  let current = new AbortController()
  const begin = (): AbortController => (current = new AbortController())
  void told(options, begin)
  return { again: () => current.abort() }
}

async function told({ client, agentId, after, onEvents, onReached, onPutBack, onProblem, signal }: FollowOptions, begin: () => AbortController): Promise<void> {
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
    const leaving = begin()
    const letGo = leaveWhenHidden(leaving, signal)
    try {
      for await (const event of client.watch(agentId, { after: place, signal: leaving.signal, onBegun: onReached })) {
        place = event.id
        if (gathered.push(event) === 1) beforeNextFrame(tell)
      }
    } catch (error) {
      if (over()) return
      tell()
      // What is asked for is well formed: what is refused is the place.
      if (codeOf(error) === 'invalid-argument') {
        onPutBack()
        return
      }
      onProblem(error)
      if (isFinal(error)) return
      await new Promise((resolve) => setTimeout(resolve, againMs))
    } finally {
      letGo()
    }
  }
}

/** What came since the last frame is drawn with the next one, once. */
function beforeNextFrame(work: () => void): void {
  const once = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    work()
  }
  const frame = requestAnimationFrame(once)
  const timer = setTimeout(once, undrawnMs)
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
