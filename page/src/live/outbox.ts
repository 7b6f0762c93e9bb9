import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import { newId } from '../../../clients/typescript/src/new-id.ts'
import type { HttpClient } from '../../../clients/typescript/src/index.ts'
import type { Conversation } from './conversation.ts'
import { sendingTo, type Outgoing } from './sending.ts'

/** What was written to the agent that is shown, in its conversation: it goes as soon as that has it. */
export interface Outbox {
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>
  /** How often something was written here: whoever writes wants to see what comes of it. */
  readonly written: ReadonlySignal<number>
  send(text: string): void
  /** Sends it again, under its id. */
  retry(eventId: string): void
  /** Of one that was not confirmed. */
  discard(eventId: string): void
  /** What is being sent goes on. */
  close(): void
}

export interface OutboxOptions {
  readonly client: HttpClient
  readonly agentId: string
  readonly conversation: Pick<Conversation, 'messages' | 'mailbox' | 'refresh' | 'caughtUp' | 'listen'>
}

export function openOutbox({ client, agentId, conversation }: OutboxOptions): Outbox {
  const sending = sendingTo(client, agentId)
  const { outgoing } = sending
  const written = signal(0)

  const acceptedIds = (): readonly string[] => outgoing.value.filter(({ state }) => state === 'accepted').map(({ eventId }) => eventId)
  /** What was accepted, and is not to be done any more, has had its turn; it stays until that is shown. */
  const look = async (): Promise<void> => {
    const accepted = untracked(acceptedIds)
    const due = await conversation.refresh()
    const over = due === undefined ? [] : accepted.filter((eventId) => !due.has(eventId))
    if (over.length > 0 && (await conversation.caughtUp())) settle(over)
  }
  const settle = (eventIds: readonly string[]): void => {
    const had = new Set(eventIds)
    if (outgoing.peek().some(({ eventId }) => had.has(eventId))) sending.remove(had)
  }
  const begunTurns = effect(() => {
    const begun = conversation.messages.value.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))
    const there = new Set(outgoing.value.map(({ eventId }) => eventId))
    // What another tab keeps may have begun here.
    if (begun.some((eventId) => there.has(eventId))) untracked(() => settle(begun))
  })
  /** What waits in the mailbox was accepted, whoever was told so. */
  const waitsThere = effect(() => {
    const there = new Set(conversation.mailbox.value.map(({ eventId }) => eventId))
    untracked(() => {
      for (const { eventId, state } of outgoing.value) if (state !== 'accepted' && there.has(eventId)) sending.set(eventId, { state: 'accepted', again: false })
    })
  })
  const stopListening = conversation.listen((event) => {
    if (event.type === 'message' && event.message.eventId !== undefined) settle([event.message.eventId])
  })
  const lookedFor = new Set<string>()
  const accepted = effect(() => {
    const others = acceptedIds().filter((eventId) => !lookedFor.has(eventId))
    for (const eventId of others) lookedFor.add(eventId)
    if (others.length > 0) untracked(() => void look())
  })

  return {
    outgoing,
    written,
    send: (text) => {
      written.value += 1
      sending.send({ eventId: newId(), text, at: new Date().toISOString(), state: 'sending' })
    },
    retry: (eventId) => {
      const one = outgoing.peek().find((other) => other.eventId === eventId)
      if (one === undefined) return
      sending.tryNow()
      sending.send({ ...one, state: 'sending', why: '', again: false })
    },
    discard: (eventId) => sending.remove(new Set([eventId])),
    close: () => {
      begunTurns()
      waitsThere()
      accepted()
      stopListening()
      sending.close()
    },
  }
}
