import type { TextDelta } from '../../protocol/turn-event.ts'
import { growingReply, type GrowingReply, type ReplyPlace } from '../output/reply-lines.ts'
import { printable } from '../output/printable.ts'
import { thoughtText } from '../output/turn-message.ts'

/** What the model is writing in one step. */
export interface LiveStep {
  /** @returns what is finished by it, to be printed */
  add(delta: TextDelta): readonly string[]
  /** The lines that grow. */
  growing(): readonly string[]
  /** What is still to be printed of a thought, now that it is known whole; undefined where it stands there already. */
  thought(call: number | undefined, stored: string): string | undefined
  /** What is still to be printed of a reply. `anew`: what stands above is not how it begins. */
  reply(call: number, stored: string): { readonly lines: readonly string[]; readonly anew: boolean } | undefined
  /** Something of a reply stands on the screen that can't be taken back. */
  readonly committed: boolean
}

/** @param options.thoughts whether thoughts are shown */
export function liveStep(options: { readonly place: ReplyPlace; readonly thoughts: boolean }): LiveStep {
  const { place, thoughts } = options
  const thought = new Map<number | undefined, string>()
  const printed = new Map<number | undefined, string>()
  const replies = new Map<number, GrowingReply>()
  let writing: { readonly kind: TextDelta['kind']; readonly call: number | undefined } | undefined
  let committed = false

  /** Before something else is written, what was written stands. */
  const leave = (): string[] => {
    const left = writing
    writing = undefined
    if (left?.kind === 'thoughts') {
      const text = thought.get(left.call) ?? ''
      printed.set(left.call, text)
      return thoughts && text.trim() !== '' ? [thoughtText(text, place)] : []
    }
    return []
  }
  return {
    get committed() {
      return committed
    },
    add: ({ kind, call, text }) => {
      const lines = writing !== undefined && (writing.kind !== kind || writing.call !== call) ? leave() : []
      writing = { kind, call }
      if (kind === 'thoughts') {
        thought.set(call, (thought.get(call) ?? '') + text)
        return lines
      }
      const reply = replies.get(call ?? 0) ?? growingReply(place)
      replies.set(call ?? 0, reply)
      reply.text.add(text)
      const finished = reply.takeFinished()
      if (finished.length > 0) committed = true
      return [...lines, ...finished]
    },
    // A reply stays until it is known to be sent or not, also while the model writes on.
    growing: () => [
      ...[...replies.values()].flatMap((reply) => reply.rest()),
      ...(thoughts && writing?.kind === 'thoughts' ? thoughtText(thought.get(writing.call) ?? '', place).split('\n') : []),
    ],
    thought: (call, stored) => {
      if (writing?.kind === 'thoughts' && writing.call === call) writing = undefined
      return printed.get(call)?.trim() === stored.trim() ? undefined : thoughtText(stored, place)
    },
    reply: (call, stored) => {
      const reply = replies.get(call)
      if (reply === undefined) return undefined
      replies.delete(call)
      if (writing?.kind === 'text' && (writing.call ?? 0) === call) writing = undefined
      const whole = printable(stored)
      if (!whole.startsWith(reply.text.source)) return committed ? { lines: [], anew: true } : undefined
      reply.text.add(whole.slice(reply.text.source.length))
      return { lines: reply.rest(), anew: false }
    },
  }
}
