import type { StoredMessage } from '../../../clients/typescript/src/index.ts'

/** Something of a turn that took time, or happened at one. Times are epoch milliseconds. */
export interface Span {
  /** `wait`: neither an attempt that came through nor a tool ran. */
  readonly kind: 'event' | 'inference' | 'tool' | 'notice' | 'wait'
  readonly key: string
  readonly name: string
  readonly from: number
  readonly to: number
  readonly step: number
  readonly failed: boolean
  /** Another summary stood in its prompt than in that of the step before. */
  readonly compacted?: Compacted
}

/** What a compaction took out of the context. */
export interface Compacted {
  /** Numbers of messages, the first and the last; absent where none was taken out before the next prompt. */
  readonly tookOut?: readonly [from: number, to: number]
}

/** What stood in a prompt, as far as a step keeps it. */
type Made = NonNullable<NonNullable<StoredMessage['context']>['prompt']>

/** Less than this is the way from one part of the system to another. */
const shortestWaitMs = 1_000

/** What a turn did, in its order. @param messages of one turn, ascending. @param before what the prompt of the step before it was made of */
export function spansOf(messages: readonly StoredMessage[], before: Made | undefined): readonly Span[] {
  let made = before
  let since = NaN
  /** Until then something ran. */
  let ran = NaN
  return messages.flatMap((message): readonly Span[] => {
    const { seq, step, role, kind, toolName, ok, latencyMs = 0, context, text } = message
    const at = Date.parse(message.at)
    const base = { key: String(seq), step, to: at, failed: ok === false }
    const waited = ran
    ran = Number.isNaN(ran) ? at : Math.max(ran, at)
    if (role === 'assistant') {
      const present = context?.prompt
      // Where nothing is known of the step before, nobody knows whether it is another summary.
      const compacted = present === undefined || made === undefined || present.summary === made.summary ? undefined : compactedBy(made, present)
      made = present ?? made
      since = at
      const from = at - latencyMs
      const inference: Span = { ...base, kind: 'inference', name: `Inference (${context?.cause ?? 'unknown'})`, from, failed: message.ended !== undefined, ...(compacted && { compacted }) }
      return from - waited >= shortestWaitMs ? [{ ...base, kind: 'wait', key: `${seq} wait`, name: `Wait before step ${step}`, from: waited, to: from }, inference] : [inference]
    }
    if (role === 'tool') return [{ ...base, kind: 'tool', name: toolName ?? 'a tool', from: Number.isNaN(since) ? at : Math.min(since, at) }]
    return [{ ...base, kind: message.eventId === undefined ? 'notice' : 'event', name: message.eventId === undefined ? text.slice(0, 60) : (kind ?? role), from: at }]
  })
}

/** The oldest messages leave: those before the first that is still there. */
function compactedBy(before: Made, after: Made): Compacted {
  const first = before.queue[0]?.[0]
  const last = before.queue.at(-1)?.[1]
  if (first === undefined || last === undefined) return {}
  const upTo = Math.min(last, (after.queue[0]?.[0] ?? Infinity) - 1)
  return upTo < first ? {} : { tookOut: [first, upTo] }
}

/** What the prompt of the last step before that turn was made of. */
export const promptBefore = (messages: readonly StoredMessage[], turn: number): Made | undefined => messages.findLast((message) => message.turn < turn && message.context?.prompt !== undefined)?.context?.prompt

/** What there is none of is left out. */
const inUnits = (...parts: readonly (readonly [number, string])[]): string => parts.filter(([count]) => count > 0).map((part) => part.join(' ')).join(' ')

export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? inUnits([minutes, 'min'], [seconds % 60, 's']) : inUnits([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min'])
}
