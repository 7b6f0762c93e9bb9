import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { newId } from '../../../clients/typescript/src/new-id.ts'
import type { HttpClient } from '../../../clients/typescript/src/index.ts'
import type { Conversation } from './conversation.ts'
import { isAway, problemText } from '../parts/problem.tsx'
import { keptAs, keyWanted, timesLater } from '../shell/key.ts'
import { reachable } from '../shell/server.ts'
import { read, write } from '../shell/stored.ts'

/** What was written to an agent, until its turn begins. Its id goes with it for as long: sent again under it, it is the same message. */
export interface Outgoing {
  readonly eventId: string
  readonly text: string
  /** ISO 8601. */
  readonly at: string
  /** `sending`: nobody knows yet. `accepted`: it is in the agent's mailbox, durably. `unsent`: nothing has confirmed it. */
  readonly state: 'sending' | 'accepted' | 'unsent'
  readonly why?: string
  /** Of one that is not confirmed: it goes again by itself while this page is open. */
  readonly again?: boolean
}

export interface Outbox {
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>
  /** How often something was written here: whoever writes wants to see what comes of it. */
  readonly written: ReadonlySignal<number>
  send(text: string): void
  /** Sends it again, under its id. */
  retry(eventId: string): void
  /** Of one that was not confirmed. */
  discard(eventId: string): void
  close(): void
}

export interface OutboxOptions {
  readonly client: HttpClient
  readonly agentId: string
  readonly conversation: Pick<Conversation, 'messages' | 'mailbox' | 'refresh' | 'caughtUp' | 'listen'>
}

/** A message is accepted by then, or its connection is dead. Each try has twice as long as the one before, up to eight times. */
const tryMs = 10_000
const againMs = 3_000
/** Raised by whoever does not want to wait. */
const tryNow = signal(0)

/** Over after a while, or as soon as there is reason to think that the server can be reached. */
function nextTry(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let stop = (): void => undefined
    const over = (): void => {
      clearTimeout(timer)
      stop()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, againMs)
    signal.addEventListener('abort', over)
    const [were, asked] = [reachable.peek(), tryNow.peek()]
    stop = effect(() => {
      if ((reachable.value && !were) || tryNow.value !== asked) queueMicrotask(over)
    })
  })
}

/** Aborted after a while in which no key was waited for: a person may take longer over one than a server over an answer. */
function lateAfter(withinMs: number): { readonly late: AbortSignal; readonly letGo: () => void } {
  const controller = new AbortController()
  const letGo = effect(() => {
    if (keyWanted.value !== undefined) return
    const timer = setTimeout(() => controller.abort(), withinMs)
    return () => clearTimeout(timer)
  })
  return { late: controller.signal, letGo }
}

/** Kept where another tab, and this one after a reload, finds it. */
export function openOutbox({ client, agentId, conversation }: OutboxOptions): Outbox {
  const name = `outbox.${keptAs(agentId)}`
  const outgoing = signal<readonly Outgoing[]>(kept(name).map((one) => (one.state === 'sending' || one.again === true ? { ...one, state: 'unsent', again: false, why: 'the page was left before anybody had it.' } : one)))
  const written = signal(0)
  const leaving = new AbortController()
  const change = (work: (all: readonly Outgoing[]) => readonly Outgoing[]): void => {
    // Another tab may have changed it: what it has put there stays.
    const own = new Set(outgoing.value.map(({ eventId }) => eventId))
    outgoing.value = work([...outgoing.value, ...kept(name).filter(({ eventId }) => !own.has(eventId) && !gone.has(eventId))])
    write('local', name, outgoing.value.length === 0 ? undefined : JSON.stringify(outgoing.value))
  }
  const gone = new Set<string>()
  const set = (eventId: string, changes: Partial<Outgoing>): void => change((all) => all.map((one) => (one.eventId === eventId ? { ...one, ...changes } : one)))
  const remove = (eventIds: ReadonlySet<string>): void => {
    for (const eventId of eventIds) gone.add(eventId)
    change((all) => all.filter(({ eventId }) => !eventIds.has(eventId)))
  }

  /** How often the person had said that he gives no key, when he last wanted it sent. */
  const posting = new Map<string, number>()
  /** Until somebody has it, or refuses it: under its id it is one message, however often it is sent. */
  const post = ({ eventId, text }: Outgoing): void => {
    const waits = posting.has(eventId)
    posting.set(eventId, timesLater())
    if (waits) return
    // One after the other: what was written later would else overtake what has to be sent again.
    before = before.then(() => postOne(eventId, text))
  }
  let before = Promise.resolve()
  const postOne = async (eventId: string, text: string): Promise<void> => {
    for (let tries = 0; !leaving.signal.aborted && !gone.has(eventId); tries += 1) {
      if (keyWanted.peek() === 'later' && posting.get(eventId) !== timesLater()) {
        set(eventId, { state: 'unsent', again: false, why: 'the server wants an access key.' })
        break
      }
      const outcome = await tryOnce(eventId, text, tryMs * 2 ** Math.min(tries, 3))
      if (outcome === 'done') break
      await nextTry(leaving.signal)
    }
    posting.delete(eventId)
  }
  const tryOnce = async (eventId: string, text: string, withinMs: number): Promise<'done' | 'again'> => {
    const { late, letGo } = lateAfter(withinMs)
    try {
      await client.post(agentId, text, { eventId, signal: AbortSignal.any([leaving.signal, late]) })
      set(eventId, { state: 'accepted', again: false })
      void look()
      return 'done'
    } catch (error) {
      if (leaving.signal.aborted) return 'done'
      const again = late.aborted || isAway(error)
      set(eventId, { state: 'unsent', again, why: again ? 'the server has not answered.' : problemText(error) })
      return again ? 'again' : 'done'
    } finally {
      letGo()
    }
  }

  /** What was accepted, and is not to be done any more, has had its turn; it stays until that is shown. */
  const look = async (): Promise<void> => {
    const accepted = outgoing.value.filter(({ state }) => state === 'accepted').map(({ eventId }) => eventId)
    const due = await conversation.refresh()
    const over = due === undefined ? [] : accepted.filter((eventId) => !due.has(eventId))
    if (over.length > 0 && (await conversation.caughtUp())) settle(over)
  }
  const settle = (eventIds: readonly string[]): void => {
    const had = new Set(eventIds)
    if (outgoing.peek().some(({ eventId }) => had.has(eventId))) remove(had)
  }
  const begunTurns = effect(() => {
    const begun = conversation.messages.value.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))
    untracked(() => settle(begun))
  })
  /** What waits in the mailbox was accepted, whoever was told so. */
  const waitsThere = effect(() => {
    const there = new Set(conversation.mailbox.value.map(({ eventId }) => eventId))
    untracked(() => {
      for (const { eventId, state } of outgoing.value) if (state !== 'accepted' && there.has(eventId)) set(eventId, { state: 'accepted', again: false })
    })
  })
  const stopListening = conversation.listen((event) => {
    if (event.type === 'message' && event.message.eventId !== undefined) settle([event.message.eventId])
  })
  void look()

  const listen = ({ key }: StorageEvent): void => {
    if (key !== `perdure.${name}`) return
    const begun = new Set(conversation.messages.peek().map(({ eventId }) => eventId))
    const elsewhere = kept(name).filter(({ eventId }) => !gone.has(eventId) && !begun.has(eventId))
    const own = new Map(outgoing.value.map((one) => [one.eventId, one]))
    outgoing.value = elsewhere.map((one) => (own.get(one.eventId)?.state === 'accepted' ? { ...one, state: 'accepted' } : one))
  }
  addEventListener('storage', listen)

  return {
    outgoing,
    written,
    send: (text) => {
      written.value += 1
      const one: Outgoing = { eventId: newId(), text, at: new Date().toISOString(), state: 'sending' }
      change((all) => [...all, one])
      post(one)
    },
    retry: (eventId) => {
      const one = outgoing.value.find((other) => other.eventId === eventId)
      if (one === undefined) return
      set(eventId, { state: 'sending', why: '' })
      tryNow.value += 1
      post(one)
    },
    discard: (eventId) => remove(new Set([eventId])),
    close: () => {
      begunTurns()
      waitsThere()
      stopListening()
      leaving.abort()
      removeEventListener('storage', listen)
    },
  }
}

function kept(name: string): readonly Outgoing[] {
  try {
    return JSON.parse(read('local', name) ?? '[]') as readonly Outgoing[]
  } catch {
    return []
  }
}
