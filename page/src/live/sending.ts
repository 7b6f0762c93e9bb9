import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { HttpClient } from '../../../clients/typescript/src/index.ts'
import { isAway, problemText } from '../parts/problem.tsx'
import { keptAs, keyWanted, tenant, timesLater } from '../shell/key.ts'
import { reachable } from '../shell/server.ts'
import { read, write } from '../shell/stored.ts'
import { holdHere, onceLetGo } from './held-here.ts'

/** What was written to an agent, until its turn begins. Its id goes with it for as long: sent again under it, it is the same message. */
export interface Outgoing {
  readonly eventId: string
  readonly text: string
  /** ISO 8601. */
  readonly at: string
  /** `sending`: nobody knows yet. `accepted`: it is in the agent's mailbox, durably. `unsent`: nothing has confirmed it. */
  readonly state: 'sending' | 'accepted' | 'unsent'
  readonly why?: string
  /** Of one that is not confirmed: it goes again by itself while the page that sends it is open. */
  readonly again?: boolean
}

/** What was written to one agent, and the sending of it, which goes on whatever the page shows. */
export interface Sending {
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>
  /** Until somebody has it, or refuses it: under its id it is one message, however often it is sent. */
  send(one: Outgoing): void
  /** Tries at once what waits for its next try. */
  tryNow(): void
  set(eventId: string, changes: Partial<Outgoing>): void
  /** In every tab. */
  remove(eventIds: ReadonlySet<string>): void
  /** By whoever opened it: what is being sent goes on. */
  close(): void
}

/** A message is accepted by then, or its connection is dead. Each try has twice as long as the one before, up to eight times. */
const tryMs = 10_000
const againMs = 3_000
/** Raised by whoever does not want to wait. */
const wantedNow = signal(0)

/** Of this tab, by the name that they are kept under; with how many have it open. */
const open = new Map<string, { readonly sending: Omit<Sending, 'close'>; readonly users: Signal<number> }>()

export function sendingTo(client: HttpClient, agentId: string): Sending {
  const name = `outbox.${keptAs(agentId)}`
  const { sending, users } = open.get(name) ?? begun(client, agentId, name)
  users.value = users.peek() + 1
  return { ...sending, close: () => void (users.value = users.peek() - 1) }
}

function begun(client: HttpClient, agentId: string, name: string): { readonly sending: Omit<Sending, 'close'>; readonly users: Signal<number> } {
  const leaving = new AbortController()
  const made = { sending: begin(client, agentId, name, leaving.signal), users: signal(0) }
  open.set(name, made)
  const of = tenant.peek()
  queueMicrotask(() => {
    const stop = effect(() => {
      const needed = made.users.value > 0 || made.sending.outgoing.value.length > 0
      // Another tenant's agent of the name is another one: nothing goes to it that was written to this one.
      if (tenant.value === of && needed) return
      leaving.abort()
      if (open.get(name) === made) open.delete(name)
      queueMicrotask(() => stop())
    })
  })
  return made
}

function begin(client: HttpClient, agentId: string, name: string, left: AbortSignal): Omit<Sending, 'close'> {
  const outgoing = signal<readonly Outgoing[]>(kept(name))
  const gone = new Set<string>()
  /** How often the person had said that he gives no key, when he last wanted it sent. */
  const posting = new Map<string, number>()
  /** Of two states of a message, the one that this tab goes by: another tab may know more of what this one is not at. */
  const later = (mine: Outgoing | undefined, theirs: Outgoing): Outgoing => (mine !== undefined && (mine.state === 'accepted' || posting.has(mine.eventId)) ? mine : theirs)
  const change = (work: (all: readonly Outgoing[]) => readonly Outgoing[]): void => {
    // Another tab may have changed it: what it has put there stays.
    const theirs = new Map(kept(name).map((one) => [one.eventId, one]))
    const own = outgoing.peek().map((mine) => later(mine, theirs.get(mine.eventId) ?? mine))
    for (const { eventId } of own) theirs.delete(eventId)
    outgoing.value = work([...own, ...theirs.values()]).filter(({ eventId }) => !gone.has(eventId))
    write('local', name, outgoing.peek().length === 0 ? undefined : JSON.stringify(outgoing.peek()))
  }
  const set = (eventId: string, changes: Partial<Outgoing>): void => change((all) => all.map((one) => (one.eventId === eventId ? { ...one, ...changes } : one)))

  let before = Promise.resolve()
  const send = (one: Outgoing): void => {
    const { eventId, text } = one
    const waits = posting.has(eventId)
    posting.set(eventId, timesLater())
    if (!waits) {
      // One after the other: what was written later would else overtake what has to be sent again.
      before = before.then(() => postOne(eventId, text))
      holdHere(eventId, before)
    }
    change((all) => (all.some((other) => other.eventId === eventId) ? all.map((other) => (other.eventId === eventId ? one : other)) : [...all, one]))
  }
  const postOne = async (eventId: string, text: string): Promise<void> => {
    for (let tries = 0; !left.aborted && !gone.has(eventId); tries += 1) {
      if (keyWanted.peek() === 'later' && posting.get(eventId) !== timesLater()) {
        set(eventId, { state: 'unsent', again: false, why: 'the server wants an access key.' })
        break
      }
      const outcome = await tryOnce(eventId, text, tryMs * 2 ** Math.min(tries, 3))
      if (outcome === 'done') break
      await nextTry(left)
    }
    posting.delete(eventId)
  }
  const tryOnce = async (eventId: string, text: string, withinMs: number): Promise<'done' | 'again'> => {
    const { late, letGo } = lateAfter(withinMs)
    try {
      await client.post(agentId, text, { eventId, signal: AbortSignal.any([left, late]) })
      set(eventId, { state: 'accepted', again: false })
      return 'done'
    } catch (error) {
      if (left.aborted) return 'done'
      const again = late.aborted || isAway(error)
      set(eventId, { state: 'unsent', again, why: again ? 'the server has not answered.' : problemText(error) })
      return again ? 'again' : 'done'
    } finally {
      letGo()
    }
  }

  const lookedAfter = new Set<string>()
  /** What another page is sending, or was when it was left: once none is, a person has to say that it be sent. */
  const lookAfter = (): void => {
    for (const { eventId } of outgoing.peek().filter(isUnderWay)) {
      if (posting.has(eventId) || lookedAfter.has(eventId)) continue
      lookedAfter.add(eventId)
      onceLetGo(eventId, () => {
        lookedAfter.delete(eventId)
        // What another tab has learned of it may stand there before this one is told.
        const present = kept(name).find((one) => one.eventId === eventId)
        if (left.aborted || posting.has(eventId) || present === undefined || !isUnderWay(present)) return
        set(eventId, { state: 'unsent', again: false, why: 'the page was left before anybody had it.' })
      })
    }
  }
  const listen = ({ key }: StorageEvent): void => {
    if (key !== `perdure.${name}`) return
    const own = new Map(outgoing.peek().map((one) => [one.eventId, one]))
    const elsewhere = kept(name).filter(({ eventId }) => !gone.has(eventId))
    const theirs = new Set(elsewhere.map(({ eventId }) => eventId))
    outgoing.value = [
      ...elsewhere.map((one) => later(own.get(one.eventId), one)),
      // It may have been written there before this was known there.
      ...outgoing.peek().filter(({ eventId }) => posting.has(eventId) && !theirs.has(eventId)),
    ]
    // It was given up there, while this tab is at it.
    if (elsewhere.some((one) => posting.has(one.eventId) && one.state === 'unsent' && !isUnderWay(one))) change((all) => all)
    lookAfter()
  }
  addEventListener('storage', listen)
  // A list without it does not say that it was given up: it may have been written by a tab that had not heard of it.
  const removals = new BroadcastChannel(`perdure.${name}`)
  const drop = (eventIds: Iterable<string>): void => {
    for (const eventId of eventIds) gone.add(eventId)
    change((all) => all)
  }
  removals.addEventListener('message', ({ data }: MessageEvent<readonly string[]>) => drop(data))
  left.addEventListener('abort', () => {
    removeEventListener('storage', listen)
    removals.close()
  })
  lookAfter()
  return {
    outgoing, send, set,
    tryNow: () => void (wantedNow.value += 1),
    remove: (eventIds) => {
      drop(eventIds)
      if (!left.aborted) removals.postMessage([...eventIds])
    },
  }
}

/** Somebody is at it. */
const isUnderWay = ({ state, again }: Outgoing): boolean => state === 'sending' || again === true

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
    const [were, asked] = [reachable.peek(), wantedNow.peek()]
    stop = effect(() => {
      if ((reachable.value && !were) || wantedNow.value !== asked) queueMicrotask(over)
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

/** Where another tab, and this one after a reload, finds it. */
function kept(name: string): readonly Outgoing[] {
  try {
    return JSON.parse(read('local', name) ?? '[]') as readonly Outgoing[]
  } catch {
    return []
  }
}
