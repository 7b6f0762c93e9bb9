import type { ClientToolDefinition } from './definition.ts'
import { invalidArgument, PerdureError } from './errors.ts'
import { limits } from './limits.ts'

/** What wakes an agent (paper section 2.3). Messages of other agents are a reserved word until they are built. */
export const eventKinds = ['user-message', 'system-message', 'login', 'upload', 'heartbeat', 'memory-pressure', 'timer', 'agent-message'] as const

export type EventKind = (typeof eventKinds)[number]

/**
 * An event as the workflow gets it. Its body normally lies in the event store, put there by the client under the same id
 * before the workflow hears of it, so that no history holds a conversation. A sender without a store (the `temporal`
 * command line, say) may give the `text` itself; then it is in the history, once.
 */
export interface IncomingEvent {
  /** Chosen by the sender. The same id again is the same event: same turn, same answer. */
  readonly id: string
  readonly kind: EventKind
  /** UTF-8 bytes of the body. */
  readonly bytes: number
  readonly text?: string
  /** The body has tools that hold for the event's turn only. */
  readonly tools?: true
  /**
   * The latest event that waited, or had its turn, when this one was sent. A workflow that does not know that one was reset, say: it looks
   * into the stores before this one has its turn.
   */
  readonly after?: string
  /** It was given before, so a workflow that does not know it may have lost others too: it looks into the stores before its next turn. */
  readonly again?: true
  /** Set on the event of a timer's firing. Only the workflow makes these events. */
  readonly timer?: TimerFiring
}

/** A stored body. `sentAt`: ISO 8601. */
export interface EventBody {
  readonly agentId: string
  readonly eventId: string
  readonly kind: EventKind
  readonly text: string
  readonly sentAt: string
  /** Tools that run at the caller, for this event's turn only. */
  readonly clientTools?: readonly ClientToolDefinition[]
}

/** Neither spaces nor control characters, nor half a surrogate pair, which no store keeps. */
const eventIdPattern = /^[^\s\p{Cc}\p{Cs}]+$/u

/** @throws PerdureError `invalid-argument` */
export function assertEventId(id: unknown): asserts id is string {
  if (typeof id === 'string' && id.length <= limits.eventIdCharacters && eventIdPattern.test(id)) return
  throw invalidArgument(`event.id is a string of 1 to ${limits.eventIdCharacters} characters without spaces and control characters`)
}

const newsOfDocuments = /^documents-[0-9a-f-]{36}-\d+$/

/** Whether the id is of the form that the documents' workflow gives: `documents-RUN-NUMBER`. */
export const isNewsOfDocuments = (id: string): boolean => newsOfDocuments.test(id)

const imported = /^import-\d+$/

/** An event of an imported conversation; none of the agent's own steps is in its turn. */
export const isImported = (id: string): boolean => imported.test(id)

/** Ids that the runtime gives itself: firings of timers and their texts, news of loaded documents, and what was imported. */
const reservedForms = [/^timer:/, /^timer-text:/, newsOfDocuments, imported]

/** Whether an event's id has a form that only the runtime gives: under it a sender's message would take the place of the runtime's own. */
export const isReservedEventId = (id: string): boolean => reservedForms.some((form) => form.test(id))

/**
 * What holds for an id that a sender chooses.
 * @throws PerdureError `invalid-argument`
 */
export function assertSenderEventId(id: unknown): asserts id is string {
  assertEventId(id)
  if (isReservedEventId(id)) {
    throw invalidArgument(
      `event.id ${JSON.stringify(id)} has a form that the runtime keeps for its own events ("timer:…", "timer-text:…", "documents-UUID-NUMBER", "import-NUMBER"); choose another, such as a new UUID`,
    )
  }
}

/** @throws PerdureError `invalid-argument` */
export function assertEventKind(kind: unknown): asserts kind is EventKind {
  if (eventKinds.includes(kind as EventKind)) return
  throw invalidArgument(`event.kind is one of ${eventKinds.join(', ')}`)
}

/** Kinds that say nothing without a text. */
const needText: readonly EventKind[] = ['user-message', 'system-message']

/**
 * What holds for the text of every event, whoever looks first: the client before it stores it, the workflow before it takes it.
 * @throws PerdureError `message-empty`, `message-too-large`
 */
export function assertEventText({ kind, bytes, blank }: { readonly kind: EventKind; readonly bytes: number; readonly blank: boolean }): void {
  if (blank && needText.includes(kind)) throw new PerdureError('message-empty', 'the message is empty; send at least one character')
  if (bytes <= limits.eventTextBytes) return
  throw new PerdureError('message-too-large', `the message has ${bytes} bytes, the limit is ${limits.eventTextBytes}; send it in parts`)
}

/** The part of an event of kind `timer` that describes the timer. */
export interface TimerFiring {
  readonly id: string
  /** Epoch milliseconds: when it was due, which may be long before it has its turn. */
  readonly dueAt: number
  readonly body?: string
  /** Earlier due times that this one stands for, as nobody was there to take them. */
  readonly missed?: number
}
