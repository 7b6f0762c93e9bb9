import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { HttpClient } from '../../../clients/typescript/src/index.ts'
import type { Conversation } from '../live/conversation.ts'
import { problemText } from '../parts/problem.tsx'
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
}

export interface Outbox {
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>
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
  readonly conversation: Pick<Conversation, 'messages' | 'refresh'>
}

/** Kept where another tab, and this one after a reload, finds it. */
export function openOutbox({ client, agentId, conversation }: OutboxOptions): Outbox {
  const name = `outbox.${agentId}`
  const outgoing = signal<readonly Outgoing[]>(kept(name).map((one) => (one.state === 'sending' ? { ...one, state: 'unsent', why: 'The page was left before it was confirmed.' } : one)))
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

  const post = async ({ eventId, text }: Outgoing): Promise<void> => {
    try {
      await client.post(agentId, text, { eventId, signal: leaving.signal })
      set(eventId, { state: 'accepted' })
      await look()
    } catch (error) {
      if (!leaving.signal.aborted) set(eventId, { state: 'unsent', why: problemText(error) })
    }
  }

  /** What was accepted, and is not to be done any more, has had its turn. */
  const look = async (): Promise<void> => {
    const accepted = outgoing.value.filter(({ state }) => state === 'accepted').map(({ eventId }) => eventId)
    const due = await conversation.refresh()
    if (due !== undefined) settle(accepted.filter((eventId) => !due.has(eventId)))
  }
  const settle = (eventIds: readonly string[]): void => {
    const had = new Set(eventIds)
    if (outgoing.value.some(({ eventId }) => had.has(eventId))) remove(had)
  }
  const begunTurns = effect(() => {
    const begun = conversation.messages.value.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))
    untracked(() => settle(begun))
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
    send: (text) => {
      const one: Outgoing = { eventId: crypto.randomUUID(), text, at: new Date().toISOString(), state: 'sending' }
      change((all) => [...all, one])
      void post(one)
    },
    retry: (eventId) => {
      const one = outgoing.value.find((other) => other.eventId === eventId)
      if (one === undefined) return
      set(eventId, { state: 'sending', why: '' })
      void post(one)
    },
    discard: (eventId) => remove(new Set([eventId])),
    close: () => {
      begunTurns()
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

/** What is being written to an agent. */
export function draftOf(agentId: string) {
  const name = `draft.${agentId}`
  const draft = signal(read('local', name) ?? '')
  effect(() => write('local', name, draft.value === '' ? undefined : draft.value))
  return draft
}
