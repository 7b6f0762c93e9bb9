import type { EventBody, EventKind, TimerFiring } from '../protocol/events.ts'
import { opOf } from '../protocol/ids.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import type { NoticeKind, PendingRecord } from '../protocol/context.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { tokensOfMessage } from '../prompt/message-tokens.ts'

const noticeTexts: Readonly<Record<NoticeKind, string>> = {
  'memory-pressure':
    'Your context window is filling up: older messages will soon leave it and be replaced by a summary. Save now what you will need: core memory for what ' +
    'matters always, archival memory for details. If nothing needs saving, think briefly and make no call.',
  'no-tool-call': 'You wrote text without a tool call, so nobody got it. To answer the user call send_message.',
  'turn-cancelled': 'The user cancelled this turn before you had finished your step.',
  'content-filtered': "The provider's content filter refused this turn, so it has left the context.",
}

/** Whether a message that stands in an inference's place says that a content filter refused the turn. */
export const saysFiltered = ({ text }: Pick<StoredMessage, 'text'>): boolean => text === noticeTexts['content-filtered']

/** Texts of events that have none of their own. */
const eventTexts: Partial<Record<EventKind, string>> = { login: 'The user logged in.', heartbeat: 'Time to think; nobody has said anything.', 'memory-pressure': noticeTexts['memory-pressure'] }

export interface Recorded {
  /** The message as the store has it. */
  readonly message: StoredMessage
  readonly tokens: number
  /** The message stood there before: an event that was handled in another turn. */
  readonly otherTurn?: number
}

/** An entry with what the stores have of it. */
export interface ReadRecord {
  readonly pending: PendingRecord
  /** Of an event whose text came without it. */
  readonly body?: EventBody | undefined
}

/** Reads what `record` needs. An event's body never changes, so it may be read long before. */
export async function readRecord({ events }: Pick<MemoryStore, 'events'>, agentId: string, pending: PendingRecord): Promise<ReadRecord> {
  if (!('event' in pending) || pending.event.text !== undefined) return { pending }
  return { pending, body: await events.get(agentId, pending.event.timer?.body ?? pending.event.id) }
}

/** The step that records. */
export interface Place {
  readonly agentId: string
  readonly turn: number
  readonly step: number
  readonly contextWindow: number
}

/** Puts an event or a notice into recall memory, once. */
export async function record({ messages }: Pick<MemoryStore, 'messages'>, place: Place, read: ReadRecord): Promise<Recorded> {
  return recordedAs(place, await messages.insert(newMessage(place, read)))
}

/** An event or a notice as it is to be stored. */
export function newMessage(place: Place, { pending, body }: ReadRecord): StoredMessage {
  const message = 'event' in pending ? eventMessage(place, pending, body) : noticeMessage(place, pending)
  return { ...message, tokens: tokensOfMessage(message, place.contextWindow) }
}

export const recordedAs = ({ turn }: Pick<Place, 'turn'>, stored: StoredMessage): Recorded => ({ message: stored, tokens: stored.tokens, ...(stored.turn !== turn && { otherTurn: stored.turn }) })

export const opOfRecord = (agentId: string, pending: PendingRecord): string => ('event' in pending ? opOf.event(agentId, pending.event.id) : opOf.notice(agentId, pending.seq))

function eventMessage(
  { agentId, turn, step }: { readonly agentId: string; readonly turn: number; readonly step: number },
  { seq, event, at }: Extract<PendingRecord, { event: unknown }>,
  body: EventBody | undefined,
): StoredMessage {
  const text = event.timer === undefined ? (event.text ?? body?.text ?? '') : timerText(event.timer, event.text ?? body?.text)
  return {
    agentId,
    op: opOf.event(agentId, event.id),
    seq,
    turn,
    step,
    role: event.kind === 'user-message' ? 'user' : 'system',
    kind: event.kind,
    eventId: event.id,
    text: text === '' ? (eventTexts[event.kind] ?? '') : text,
    tokens: 0,
    at,
  }
}

/** A timer says when it was due: its turn may come much later. */
function timerText({ id, dueAt, missed }: TimerFiring, text: string | undefined): string {
  const moment = new Date(dueAt).toISOString().replace(/\.\d+Z$/, 'Z')
  const before = missed === undefined ? '' : `, ${missed} earlier ${missed === 1 ? 'time' : 'times'} missed`
  return `timer ${id}, due at ${moment}${before}: ${text ?? ''}`
}

export function noticeMessage(
  { agentId, turn, step }: { readonly agentId: string; readonly turn: number; readonly step: number },
  { seq, notice, at }: Extract<PendingRecord, { notice: unknown }>,
): StoredMessage {
  const kind = notice === 'memory-pressure' ? 'memory-pressure' : 'notice'
  return { agentId, op: opOf.notice(agentId, seq), seq, turn, step, role: 'system', kind, text: noticeTexts[notice], tokens: 0, at }
}
