import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { toolsOfMessage } from '../definition/tools-of-message.ts'
import { PerdureError } from '../protocol/errors.ts'
import { assertEventKind, assertEventText, assertSenderEventId, type IncomingEvent } from '../protocol/events.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import type { EventStore, StoredAgent } from '../stores/stores.ts'
import { assertText } from './assert-input.ts'
import type { SendOptions } from './types.ts'

/** An event whose body is in the store. `fresh`: it was not pending before. */
export interface DepositedEvent {
  readonly event: IncomingEvent
  readonly fresh: boolean
}

type Body = Pick<SendOptions, 'eventId' | 'kind' | 'clientTools'>

export function deposits(events: EventStore, taskQueue: string) {
  /** The body first, then the word of it: after a crash in between a worker gives it to the agent, though nobody was told that it was accepted. */
  const deposit = async ({ key: agentId, definition }: StoredAgent, given: string, { eventId = randomUUID(), kind = 'user-message', clientTools }: Body): Promise<DepositedEvent> => {
    assertSenderEventId(eventId)
    assertEventKind(kind)
    assertText(given, 'a message')
    // The text as the store will have it, so that the same text sent again is recognised.
    const text = wellFormed(given)
    const bytes = Buffer.byteLength(text)
    assertEventText({ kind, bytes, blank: text.trim() === '' })
    const tools = toolsOfMessage(clientTools, definition)
    const body = { agentId, eventId, kind, text, sentAt: new Date().toISOString(), ...(tools && { clientTools: tools }) }
    const [{ body: stored, fresh }, after] = await Promise.all([events.deposit(body, taskQueue), events.latestPending(agentId, eventId)])
    if (stored.text !== text || stored.kind !== kind || !isDeepStrictEqual(stored.clientTools, tools)) {
      throw new PerdureError('event-conflict', `event ${eventId} was already sent with another text, or other tools; a new message needs a new id`)
    }
    return { event: { id: eventId, kind, bytes, ...(tools && { tools: true }), ...(after !== undefined && { after }) }, fresh }
  }
  /**
   * Nobody is to take up later a message whose sender was told that it was not accepted. Where a server is away nobody can tell: then it
   * stays, and has its turn when it can.
   */
  const withdrawing = async <Result>({ key }: StoredAgent, { event, fresh }: DepositedEvent, given: Promise<Result>): Promise<Result> => {
    try {
      return await given
    } catch (error) {
      if (fresh && PerdureError.isInstance(error) && error.code !== 'server-unavailable') await events.withdraw(key, event.id).catch(() => undefined)
      throw error
    }
  }
  return { deposit, withdrawing }
}
