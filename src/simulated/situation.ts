import type { Call, Event, View } from './view.ts'

/** A prompt, and what is to be decided now. */
export interface Situation {
  readonly view: View
  /** What woke the agent last. */
  readonly cause: Event | undefined
  /** The user's message that has no answer yet; undefined once a message was sent. */
  readonly unanswered: Event | undefined
  /** Calls made since `unanswered`, or since `cause` if that is undefined. */
  readonly calls: readonly Call[]
  /** Steps taken since then. */
  readonly steps: number
  /** Whether the agent ever sent a message, as far as the prompt shows. */
  readonly first: boolean
}

/** Events that come in the middle of a turn: the user's message before them still needs its answer. */
const interruptions = new Set(['memory_pressure', 'notice', 'system_alert'])

export function situationOf(view: View): Situation {
  const { queue } = view
  const causeAt = queue.findLastIndex((entry) => entry.entry === 'event')
  const sentAt = queue.findLastIndex((entry) => entry.entry === 'step' && entry.calls.some(sends))
  const wakingAt = queue.findLastIndex((entry) => entry.entry === 'event' && !interruptions.has(entry.type))
  const waking = eventAt(view, wakingAt)
  const unanswered = wakingAt > sentAt && waking?.type === 'user_message' ? waking : undefined
  const since = queue.slice((unanswered === undefined ? causeAt : wakingAt) + 1).filter((entry) => entry.entry === 'step')
  return {
    view,
    cause: eventAt(view, causeAt),
    unanswered,
    calls: since.flatMap((step) => step.calls),
    steps: since.length,
    first: sentAt < 0 && view.summary === '',
  }
}

/** A person was asked for approval, and said no. */
export const isRefused = (call: Call): boolean => call.ok === false && call.result.startsWith('refused by ')

const sends = (call: Call): boolean => call.name === 'send_message' && call.ok !== false

function eventAt(view: View, index: number): Event | undefined {
  const entry = view.queue[index]
  return entry?.entry === 'event' ? entry : undefined
}

export const blockOf = (situation: Situation, label: string): View['blocks'][number] | undefined =>
  situation.view.blocks.find((block) => block.label === label)

/** The user's messages in the queue, oldest first, without the one that is to be answered now. */
export function earlierWordsOfUser(situation: Situation): readonly string[] {
  return situation.view.queue.flatMap((entry) =>
    entry.entry === 'event' && entry.type === 'user_message' && entry !== situation.unanswered ? [entry.text] : [],
  )
}
