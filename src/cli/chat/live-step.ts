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
  /** The thoughts that stand on the screen for good, of earlier attempts too. */
  readonly shownThoughts: readonly string[]
  /** Something of a reply stands on the screen that can't be taken back. */
  readonly committed: boolean
}

/**
 * Thoughts stand for good only before what does so of a reply: until then they may be void, if the inference is made again.
 * @param options.thoughts whether thoughts are shown
 * @param options.earlier those that stand on the screen from an attempt before: the same ones are not shown once more
 */
export function liveStep(options: { readonly place: ReplyPlace; readonly thoughts: () => boolean; readonly earlier?: readonly string[] }): LiveStep {
  const { place, thoughts, earlier = [] } = options
  const thought = new Map<number | undefined, string>()
  /** Written, and not yet for good. */
  const left = new Set<number | undefined>()
  const shown: string[] = [...earlier]
  const replies = new Map<number, GrowingReply>()
  let writing: { readonly kind: TextDelta['kind']; readonly call: number | undefined } | undefined
  let committed = false

  const linesOf = (call: number | undefined): readonly string[] => {
    const text = (thought.get(call) ?? '').trim()
    return !thoughts() || text === '' || shown.some((other) => other.startsWith(text)) ? [] : [thoughtText(text, place)]
  }
  const takeLeft = (): readonly string[] => {
    const lines = [...left].flatMap((call) => {
      const taken = linesOf(call)
      if (taken.length > 0) shown.push((thought.get(call) ?? '').trim())
      return taken
    })
    left.clear()
    return lines
  }
  return {
    get shownThoughts() {
      return shown
    },
    get committed() {
      return committed
    },
    add: ({ kind, call, text }) => {
      if (writing?.kind === 'thoughts' && (kind !== 'thoughts' || writing.call !== call)) left.add(writing.call)
      writing = { kind, call }
      if (kind === 'thoughts') {
        thought.set(call, (thought.get(call) ?? '') + text)
        return []
      }
      const reply = replies.get(call ?? 0) ?? growingReply(place)
      replies.set(call ?? 0, reply)
      reply.text.add(text)
      const finished = reply.takeFinished()
      if (finished.length === 0) return []
      committed = true
      return [...takeLeft(), ...finished]
    },
    // A reply stays until it is known to be sent or not, also while the model writes on.
    growing: () => [
      ...[...left].flatMap(linesOf).flatMap((lines) => lines.split('\n')),
      ...[...replies.values()].flatMap((reply) => reply.rest()),
      ...(writing?.kind === 'thoughts' ? linesOf(writing.call).flatMap((lines) => lines.split('\n')) : []),
    ],
    thought: (call, stored) => {
      if (writing?.kind === 'thoughts' && writing.call === call) writing = undefined
      left.delete(call)
      if (shown.includes(stored.trim())) return undefined
      shown.push(stored.trim())
      return thoughtText(stored, place)
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
