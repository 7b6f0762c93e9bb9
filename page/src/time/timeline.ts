import type { StoredMessage } from '../../../clients/typescript/src/index.ts'

/** Something of a turn that took time, or happened at one. Times are epoch milliseconds. */
export interface Span {
  readonly kind: 'event' | 'inference' | 'tool' | 'notice'
  readonly key: number
  readonly name: string
  readonly from: number
  readonly to: number
  readonly step: number
  readonly failed: boolean
  /** Another summary stood in its prompt than in that of the step before. */
  readonly compacted: boolean
}

/** What a turn did, in its order. @param messages of one turn, ascending. @param before the summary in the prompt of the step before it */
export function spansOf(messages: readonly StoredMessage[], before: string | undefined): readonly Span[] {
  let summary = before
  let since = NaN
  return messages.map((message) => {
    const { seq, step, role, kind, toolName, ok, latencyMs = 0, context, text } = message
    const at = Date.parse(message.at)
    const base = { key: seq, step, to: at, failed: ok === false, compacted: false }
    if (role === 'assistant') {
      const present = context?.prompt?.summary
      const compacted = context?.prompt !== undefined && present !== summary
      if (context?.prompt !== undefined) summary = present
      since = at
      return { ...base, kind: 'inference', name: `Inference (${context?.cause ?? 'unknown'})`, from: at - latencyMs, failed: message.ended !== undefined, compacted }
    }
    if (role === 'tool') return { ...base, kind: 'tool', name: toolName ?? 'a tool', from: Number.isNaN(since) ? at : Math.min(since, at) }
    return { ...base, kind: message.eventId === undefined ? 'notice' : 'event', name: message.eventId === undefined ? text.slice(0, 60) : (kind ?? role), from: at }
  })
}

export const summaryOf = (messages: readonly StoredMessage[], turn: number): string | undefined => messages.findLast((message) => message.turn < turn && message.context?.prompt !== undefined)?.context?.prompt?.summary

export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
