import type { AgentDefinition } from '../../protocol/definition.ts'
import type { StepUsage, StoredMessage } from '../../protocol/messages.ts'
import type { TurnEvent } from '../../protocol/turn-event.ts'
import type { WaitingCall } from '../../protocol/waiting.ts'
import { repliesAskedFor } from './replies-asked-for.ts'

/** What a turn comes to on a wire that knows an answer, and no turns. */
export type ReplyPiece =
  | { readonly type: 'text'; readonly text: string }
  /** The turn waits for these, which are the asker's to run. */
  | { readonly type: 'calls'; readonly calls: readonly WaitingCall[]; readonly usage: StepUsage }
  | { readonly type: 'end'; readonly usage: StepUsage }

export interface ReplyOptions {
  readonly eventId: string
  /** Client tools that it has by itself are run by whoever serves them; any other was brought by the turn's own event. */
  readonly agent: Pick<AgentDefinition, 'approval' | 'clientTools'>
  /** Operation ids of calls whose results the asker has given: what it was told before them is not told again. */
  readonly answered: ReadonlySet<string>
}

export const noUsage: StepUsage = { promptTokens: 0, cachedTokens: 0, completionTokens: 0 }

/** Between two replies of one turn. */
const between = '\n\n'
/** Where a model was asked again, and its reply is another one than what was shown. */
const anew = '\n\n[…]\n\n'

/** @param events of the turn of an event until its end, and before it has begun what the agent stands still for */
export async function* replyPieces(events: AsyncIterable<TurnEvent>, { eventId, agent, answered }: ReplyOptions): AsyncGenerator<ReplyPiece> {
  const served = new Set((agent.clientTools ?? []).map(({ name }) => name))
  // Such a reply is nobody's to see before its result is recorded.
  const approved = agent.approval?.includes('send_message') === true
  /** What was shown of each reply, by the number of its step's message and the place of its call. */
  const shown = new Map<string, string>()
  const reset = new Set<number>()
  const usage = { ...noUsage }
  const asked = new Map<string, number>()
  let latest: StoredMessage | undefined
  let calls: readonly WaitingCall[] = []
  const told = { any: false }
  const text = (piece: string): ReplyPiece => {
    told.any = true
    return { type: 'text', text: piece }
  }
  /** The rest of a reply, which is known now. */
  const whole = (place: string, reply: string): readonly ReplyPiece[] => {
    const before = shown.get(place)
    shown.set(place, reply)
    if (before === undefined) return [text((told.any ? between : '') + reply)]
    if (!reply.startsWith(before)) return [text(anew + reply)]
    return reply.length > before.length ? [text(reply.slice(before.length))] : []
  }
  for await (const event of events) {
    if (event.type === 'reset') reset.add(event.seq)
    if (event.type === 'delta' && event.kind === 'text' && event.call !== undefined && event.step > toldStep(answered, event.turn) && !reset.has(event.seq)) {
      const place = `${event.seq}/${event.call}`
      const before = shown.get(place)
      shown.set(place, (before ?? '') + event.text)
      yield text((before === undefined && told.any ? between : '') + event.text)
    }
    if (event.type === 'message') {
      const { op, role, reply, step, seq, usage: spent } = event.message
      const toldTo = toldStep(answered, event.turn)
      if (role === 'assistant') {
        asked.set(op, seq)
        latest = event.message
      }
      if (spent !== undefined && step > toldTo) for (const field of ['promptTokens', 'cachedTokens', 'completionTokens'] as const) usage[field] += spent[field]
      if (reply === undefined || !(step > toldTo || (approved && step === toldTo))) continue
      const at = op.lastIndexOf('/')
      yield* whole(`${asked.get(op.slice(0, at)) ?? 0}/${op.slice(at + 1)}`, reply)
    }
    if (event.type === 'waiting') calls = event.calls
    if (event.type === 'parked') {
      const waited = calls
      // They are of this park only: the next may be for something else.
      calls = []
      const open = waited.filter(({ op }) => !answered.has(op))
      const mine = event.eventId === eventId
      const own = mine ? open.filter((call) => call.for === 'client' && !served.has(call.name)) : []
      if (own.length > 0) {
        // The results of a step are recorded together, so what it says beside its calls is known by its arguments only.
        if (!approved) for (const [place, reply] of repliesAskedFor(latest)) yield* whole(place, reply)
        yield { type: 'calls', calls: own, usage }
        return
      }
      // It goes on by itself: what is answered, and what is tried again.
      if (waited.length > 0 ? open.length === 0 : event.retryAt !== undefined) continue
      yield text((told.any ? between : '') + note(mine ? 'The agent stands still' : 'The agent stands still in an earlier turn, and comes to this message after it', event.reason, event.detail))
      yield { type: 'end', usage }
      return
    }
    if (event.type === 'end') {
      if (!told.any && event.end !== 'completed') yield text(note('The turn has ended', event.reason ?? event.end, event.detail))
      yield { type: 'end', usage }
      return
    }
  }
}

/** The step whose calls were answered: it, and all before it in its turn, were told with those calls. */
function toldStep(answered: ReadonlySet<string>, turn: number): number {
  const places = [...answered].map((op) => op.split('/').slice(1).map(Number))
  return Math.max(0, ...places.flatMap(([of, step = 0]) => (of === turn ? [step] : [])))
}

export const note = (what: string, reason = 'parked', detail = ''): string => `[${what} (${reason})${detail === '' ? '' : `: ${detail}`}]`
