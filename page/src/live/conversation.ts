import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { AgentView, CallToAnswer, HttpClient, TurnEvent } from '../../../clients/typescript/src/index.ts'
import { announce } from '../parts/announce.tsx'
import { presentMs } from '../parts/clock.ts'
import { cut } from '../parts/shown.ts'
import { codeOf } from '../parts/problem.tsx'
import { againMs, follow, isFinal, type Following } from './follow.ts'
import { askWhileQuiet, heldUpBy } from './held-up.ts'
import { liveAfter, type LiveStep } from './live-step.ts'
import { loadMessages, type LoadedMessages } from './loaded-messages.ts'
import { turnsOf, type Turn } from './turns.ts'

export type TurnParked = Extract<TurnEvent, { type: 'parked' }>
type End = Extract<TurnEvent, { type: 'end' }>
export type TurnEnded = Pick<End, 'end' | 'reason' | 'detail' | 'figures'>
export type Waiting = AgentView['mailbox'][number]

/** What the agent does, as far as it was told. */
export type Standing =
  | { readonly status: 'unknown' | 'idle' | 'archived' | 'gone' }
  | { readonly status: 'running'; readonly turn: number; readonly eventId: string }
  | { readonly status: 'parked'; readonly turn: number; readonly eventId: string; readonly parked: Pick<TurnParked, 'reason' | 'detail' | 'retryAt'> }

/** One agent's conversation as it is loaded and goes on. Views share it: there is one stream for each agent that is open. */
export interface Conversation extends Omit<LoadedMessages, 'begin' | 'take'> {
  readonly agentId: string
  readonly turns: ReadonlySignal<readonly Turn[]>
  readonly live: ReadonlySignal<LiveStep | undefined>
  readonly standing: ReadonlySignal<Standing>
  /** What holds up an agent that is at work, in a sentence: it fails and is tried again, or somebody has paused it. */
  readonly heldUp: ReadonlySignal<string | undefined>
  /** Of turns whose end was told, or asked for. */
  readonly ends: ReadonlySignal<ReadonlyMap<number, TurnEnded>>
  /** Calls that wait for somebody. */
  readonly calls: ReadonlySignal<readonly CallToAnswer[]>
  /** Accepted, and not begun. */
  readonly mailbox: ReadonlySignal<readonly Waiting[]>
  readonly loaded: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<unknown>
  /** Asks anew how the agent stands; the ids of the events that it has to do, or undefined where nobody says. */
  refresh(): Promise<ReadonlySet<string> | undefined>
  /** Whether all that is stored has been told. What has not been for a while was told to a dead connection: then it goes on over another one. */
  caughtUp(): Promise<boolean>
  /** Told of each event as it comes, and where it may not have been told of all; gives what ends that. */
  listen(listener: (event: TurnEvent | Rejoined) => void): () => void
  close(): void
}

/** The server was away, or nobody has looked: now it goes on. */
export interface Rejoined {
  readonly type: 'rejoined'
}

const askEndMs = 10_000
/** What is stored has been told by then, unless the stream's connection is dead. */
const lateMs = 2_000

export function openConversation(client: HttpClient, agentId: string): Conversation {
  const leaving = new AbortController()
  const { signal: left } = leaving
  const loading = loadMessages(client, agentId)
  const { messages } = loading
  const live = signal<LiveStep | undefined>(undefined)
  const standing = signal<Standing>({ status: 'unknown' })
  const heldUp = signal<string | undefined>(undefined)
  const ends = signal<ReadonlyMap<number, TurnEnded>>(new Map())
  const calls = signal<readonly CallToAnswer[]>([])
  const mailbox = signal<readonly Waiting[]>([])
  const loaded = signal(false)
  const problem = signal<unknown>(undefined)
  const listeners = new Set<(event: TurnEvent | Rejoined) => void>()
  /** Raised whenever the stream says how the agent stands: an answer to an earlier question is older. */
  let told = 0
  /** Raised whenever it is asked which calls wait, or none does: an answer to an earlier question is older. */
  let callsAsked = 0
  const noCalls = (): void => {
    callsAsked += 1
    calls.value = []
  }
  let before: readonly Turn[] = []
  const turns = computed(() => (before = turnsOf(messages.value, before)))

  const say = (event: TurnEvent): void => {
    if (event.type === 'message' && event.message.reply !== undefined) announce(`${agentId} says: ${cut(event.message.reply, 400)}`)
    if (event.type === 'turn' && event.event.kind === 'user-message') announce(`${agentId} is thinking.`)
    if (event.type === 'parked') announce(`${agentId} stands still: ${event.detail ?? event.reason ?? 'it waits'}`)
    if (event.type === 'end' && event.end !== 'completed') announce(`The turn was ${event.end}.`)
  }

  const take = (event: TurnEvent): void => {
    live.value = liveAfter(live.value, event)
    switch (event.type) {
      case 'replaced':
        // What stands here is of an earlier agent of the name.
        anew()
        break
      case 'turn':
        told += 1
        standing.value = { status: 'running', turn: event.turn, eventId: event.event.id }
        mailbox.value = mailbox.value.filter(({ eventId }) => eventId !== event.event.id)
        break
      case 'step': {
        const { value } = standing
        if (value.status !== 'running' || value.turn !== event.turn) standing.value = { status: 'running', turn: event.turn, eventId: 'eventId' in value && value.turn === event.turn ? value.eventId : '' }
        break
      }
      case 'message': {
        loading.take(event.message)
        // It may be that of a call that somebody has answered elsewhere.
        if (event.message.role === 'tool' && calls.value.length > 0) void refreshCalls()
        // A result after a park says that the turn goes on.
        if (event.message.role === 'tool' && standing.value.status === 'parked') standing.value = { status: 'running', turn: event.turn, eventId: standing.value.eventId }
        break
      }
      case 'waiting':
        void refreshCalls()
        break
      case 'parked': {
        told += 1
        const { turn, eventId, reason, detail, retryAt } = event
        standing.value = { status: 'parked', turn, eventId, parked: { ...(reason && { reason }), ...(detail !== undefined && { detail }), ...(retryAt !== undefined && { retryAt }) } }
        break
      }
      case 'end':
        told += 1
        ends.value = new Map(ends.value).set(event.turn, event)
        if (standing.value.status === 'unknown' || ('turn' in standing.value && standing.value.turn <= event.turn)) standing.value = { status: 'idle' }
        noCalls()
        break
      default:
    }
  }

  /** Nothing that stands here holds. */
  const anew = (): void =>
    batch(() => {
      told += 1
      ends.value = new Map()
      endsAsked.clear()
      live.value = undefined
      standing.value = { status: 'unknown' }
      noCalls()
      mailbox.value = []
      void begin()
    })
  const onPutBack = (): void => {
    announce(`The memory of ${agentId} was put back to an earlier day.`)
    anew()
  }

  const onEvents = (events: readonly TurnEvent[]): void => {
    batch(() => {
      problem.value = undefined
      for (const event of events) take(event)
      // Another attempt that begins is not yet one that goes better.
      if (events.some(({ type }) => type !== 'reset' && type !== 'memory')) heldUp.value = undefined
    })
    quiet.told()
    for (const event of events) {
      // Of what happened before somebody came nothing is said aloud.
      if (loaded.value && isNews(event)) say(event)
      for (const listener of listeners) listener(event)
    }
  }
  /** By the server's clock, which messages go by. */
  let begun: number | undefined
  const isNews = (event: TurnEvent): boolean => event.type !== 'message' || Date.parse(event.message.at) > (begun ?? 0) - 60_000

  const onProblem = (error: unknown): void => {
    const code = codeOf(error)
    if (code === 'agent-archived') standing.value = { status: 'archived' }
    else if (code === 'agent-unknown') standing.value = { status: 'gone' }
    else problem.value = error
  }
  const onReached = (): void => void (problem.value = undefined)
  const trying = async <Result,>(work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work()
    } catch (error) {
      if (!left.aborted) onProblem(error)
      return undefined
    }
  }

  const refreshCalls = (): Promise<unknown> =>
    trying(async () => {
      const number = (callsAsked += 1)
      const waiting = await client.waiting(agentId)
      if (number === callsAsked) calls.value = waiting
    })
  const look = async (): Promise<AgentView | undefined> => {
    const known = told
    const view = await client.state(agentId)
    if (left.aborted) return undefined
    const by = known === told ? heldUpBy(view) : heldUp.value
    if (by !== undefined && by !== heldUp.value) announce(`${agentId}: ${by}`)
    batch(() => {
      mailbox.value = view.mailbox
      heldUp.value = by
      if (known === told) standing.value = standingOf(view, standing.value)
    })
    return view
  }
  const refresh = (): Promise<ReadonlySet<string> | undefined> =>
    trying(async () => {
      const view = await look()
      if (view === undefined) return undefined
      if ((view.waiting?.length ?? 0) > 0 || calls.value.length > 0) await refreshCalls()
      return new Set([...view.mailbox.map(({ eventId }) => eventId), ...(view.running === undefined ? [] : [view.running.eventId])])
    })
  const atWork = (): boolean => {
    const { value } = standing
    return value.status === 'running' || (value.status === 'parked' && (value.parked.retryAt ?? Infinity) <= presentMs())
  }
  let following: Following | undefined
  const caughtUp = async (): Promise<boolean> => {
    const known = loading.newest.value
    const { messages: [last] } = await client.searchRecall(agentId, { order: 'newest', limit: 1, offset: 0 })
    // Unless all was loaded anew while this was asked.
    const putBack = (last?.seq ?? 0) < known && known <= loading.newest.value
    if (left.aborted || putBack) {
      if (!left.aborted) onPutBack()
      return false
    }
    const isTold = (): boolean => last === undefined || last.seq <= loading.newest.value
    if (!isTold()) await pause(lateMs)
    if (!isTold()) following?.again()
    return isTold()
  }
  // Whether the server can be reached, the stream tells.
  const quiet = askWhileQuiet({ atWork, ask: () => look().then(caughtUp).catch(() => undefined), signal: left })

  let joined = false
  const onJoined = (): void => {
    onReached()
    if (joined) {
      void refresh()
      for (const listener of listeners) listener({ type: 'rejoined' })
    }
    joined = true
  }
  let followed = new AbortController()
  const begin = async (): Promise<void> => {
    followed.abort()
    followed = new AbortController()
    const signal = AbortSignal.any([followed.signal, left])
    const over = (): boolean => signal.aborted
    while (!over()) {
      try {
        await loading.begin()
        break
      } catch (error) {
        if (over()) return
        onProblem(error)
        if (isFinal(error)) return
        await pause(againMs)
      }
    }
    if (over()) return
    onReached()
    begun ??= presentMs()
    loaded.value = true
    following = follow({ client, agentId, after: messages.value.at(-1)?.seq ?? 0, onEvents, onReached: onJoined, onPutBack, onProblem, signal })
    void refresh()
  }
  // What was open before the network went may hang for long.
  const reached = (): void => following?.again()
  addEventListener('online', reached)

  /** How a turn of the past ended that has not ended by an answer: no message says it. */
  const askEnd = (turn: number, eventId: string): Promise<void> =>
    client.outcome(agentId, eventId, { signal: AbortSignal.any([left, AbortSignal.timeout(askEndMs)]) }).then(
      ({ end, reason, detail, figures }) => {
        if (end !== 'parked') ends.value = new Map(ends.value).set(turn, { end, figures, ...(reason && { reason }), ...(detail !== undefined && { detail }) })
      },
      () => undefined,
    )
  const endsAsked = new Set<number>()
  let asking = Promise.resolve()
  const stopAsking = effect(() => {
    for (const { turn, event, answered, imported } of turns.value.slice(0, -1)) {
      const eventId = event?.eventId
      if (answered || eventId === undefined || imported || endsAsked.has(turn) || ends.peek().has(turn)) continue
      endsAsked.add(turn)
      asking = asking.then(() => askEnd(turn, eventId))
    }
  })

  void begin()
  const { atBeginning, atEnd, newest } = loading
  return {
    agentId, turns, live, standing, heldUp, ends, calls, mailbox, messages, atBeginning, atEnd, newest, loaded, problem, refresh,
    older: () => trying(() => loading.older()),
    newer: () => trying(() => loading.newer()),
    latest: () => trying(() => loading.latest()),
    first: () => trying(() => loading.first()),
    reach: async (turn) => (await trying(() => loading.reach(turn))) ?? false,
    whole: async (turn) => {
      await trying(() => loading.whole(turn))
    },
    caughtUp: async () => (await trying(() => caughtUp())) ?? false,
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => {
      stopAsking()
      removeEventListener('online', reached)
      leaving.abort()
    },
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

function standingOf({ status, running, parked }: AgentView, present: Standing): Standing {
  if (present.status === 'archived' || present.status === 'gone') return present
  const { turn = 0, eventId = '' } = running ?? {}
  if (status === 'parked' && parked !== undefined) return { status, turn, eventId, parked }
  return status === 'running' ? { status, turn, eventId } : { status: 'idle' }
}
