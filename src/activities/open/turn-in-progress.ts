import type { ToolInput } from '../../protocol/activities.ts'
import { isImported, type IncomingEvent } from '../../protocol/events.ts'
import { opOf } from '../../protocol/ids.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { StepCause } from '../../protocol/context.ts'
import { nothingDone, type RunningTurn, type TurnEnding } from '../../protocol/state.ts'
import { saysFiltered } from '../record.ts'
import { addUsage } from '../../protocol/cost.ts'
import type { AnswerRequest } from '../../protocol/waiting.ts'
import type { MemoryStore } from '../../stores/stores.ts'

/** Its workflow was lost after the turn was taken out of the context; what the endpoint said went with it. */
const filteredEnding: TurnEnding = { end: 'stopped', reason: 'content-filtered', detail: "the provider's content filter refused this message, and it has left the context; recall memory keeps it. Say it in other words." }

export interface TurnInProgress {
  readonly running: RunningTurn
  /** Sequence number from which messages belong to the step that is to be run again; they come into the queue with that step. */
  readonly from: number
  /** A notice says that the turn was being cancelled. */
  readonly cancelled: boolean
  /** A notice says that the turn has left the context; its messages are perhaps not all marked yet. */
  readonly left: boolean
}

/** Whether the call could read the arguments that a person has put in place of the model's: where not, they were refused, and the call went on waiting. */
export type Fits = (edited: ToolInput) => Promise<boolean>

/**
 * The turn whose messages are the latest, if it has no end in the stores. It stands at the last step whose inference is stored: that step,
 * run once more, pays nothing, finds the results that there are, and leads on as it would have. What only the workflow knew begins anew:
 * how many malformed or identical steps came in a row.
 * @param where.newest newest first, the latest turn whole
 * @param where.ended number of the latest turn that has ended
 * @param where.fits whether an edit was taken
 */
export async function turnInProgress(
  memory: MemoryStore,
  { agentId, newest, ended, fits }: { readonly agentId: string; readonly newest: readonly StoredMessage[]; readonly ended: number; readonly fits: Fits },
): Promise<TurnInProgress | undefined> {
  const turn = newest[0]?.turn ?? 0
  const messages = newest.filter((message) => message.turn === turn).toReversed()
  const eventMessage = messages.find(({ eventId }) => eventId !== undefined)
  if (turn <= ended || eventMessage === undefined) return undefined

  const steps = messages.filter(({ role }) => role === 'assistant')
  const standIn = messages.find(({ op, role, step }) => role === 'system' && op === opOf.step(agentId, turn, step))
  const last = standIn === undefined ? steps.at(-1) : undefined
  // What was imported was said elsewhere, and long ago.
  if (isImported(eventMessage.eventId ?? '') || (last !== undefined && last.context === undefined)) return undefined
  const from = last?.seq ?? (standIn === undefined ? eventMessage.seq : Infinity)
  const body = await memory.events.get(agentId, eventMessage.eventId ?? '')
  const event = { ...eventOf(eventMessage), ...(body?.clientTools && { tools: true as const }) }
  const replies = messages.filter(({ seq, reply }) => reply !== undefined && seq < from).map(({ seq }) => seq)
  const filtered = standIn !== undefined && saysFiltered(standIn)
  const running: RunningTurn = {
    turn,
    event,
    eventSeq: eventMessage.seq,
    acceptedAt: Date.parse(eventMessage.at),
    step: last?.step ?? (standIn === undefined ? 1 : standIn.step + 1),
    ...(last && { stepSeq: last.seq }),
    cause: (last?.context?.cause ?? 'event') as StepCause,
    pending: last === undefined && standIn === undefined ? [{ seq: eventMessage.seq, event, at: eventMessage.at }] : [],
    replies,
    ...nothingDone,
    ...(filtered && { ending: filteredEnding }),
  }
  for (const [index, { usage }] of steps.filter(({ seq }) => seq < from).entries()) if (usage !== undefined) addUsage(running, usage, index)
  const said = last === undefined ? [] : await saidTo(memory, last, (edited) => fits({ agentId, turn, step: last.step, op: last.op, seq: last.seq, turnSeq: eventMessage.seq, ...(event.tools && { toolsOf: event.id }), ...edited }))
  return { running: { ...running, ...(said.length > 0 && { said }) }, from, cancelled: standIn !== undefined && !filtered, left: filtered || standIn?.popped === true }
}

function eventOf({ eventId = '', kind, text }: StoredMessage): IncomingEvent {
  const incoming = { id: eventId, kind: kind === undefined || kind === 'notice' ? 'user-message' : kind, bytes: Buffer.byteLength(text) } as const
  const [, timerId, dueAt] = kind === 'timer' ? (/^timer:([^:]+):(.+)$/.exec(eventId) ?? []) : []
  return timerId === undefined || dueAt === undefined ? incoming : { ...incoming, timer: { id: timerId, dueAt: Date.parse(dueAt) } }
}

/**
 * What persons and callers have said to the step's calls: of several answers to one question the first, and a refusal before everything, as
 * the stores don't say which of them was accepted. A call that has begun was approved. An answer of before the step is none, and so is an edit that does
 * not fit: who gave it was told so.
 */
async function saidTo(memory: MemoryStore, step: StoredMessage, fits: (edited: Pick<ToolInput, 'call' | 'edit'>) => Promise<boolean>): Promise<readonly AnswerRequest[]> {
  const { agentId } = step
  const ops = (step.calls ?? []).map((_, index) => opOf.call(step.op, index))
  const answers = ops.length === 0 ? [] : await memory.answers.to(agentId, ops)
  const first = new Map<string, AnswerRequest>()
  for (const { op, answer, id, at } of answers.toSorted((one, other) => Number(other.answer === 'refuse') - Number(one.answer === 'refuse'))) {
    if (Date.parse(at) < Date.parse(step.at)) continue
    if (answer === 'refuse' && (await memory.claims.get(agentId, op)) !== undefined) continue
    const question = `${op} ${answer === 'result' ? 'client' : 'approval'}`
    if (first.has(question) || (answer === 'edit' && !(await fits({ call: ops.indexOf(op), edit: id })))) continue
    first.set(question, { op, answer, id })
  }
  // An approval comes before the result of what was approved.
  return [...first.values()].toSorted((one, other) => Number(one.answer === 'result') - Number(other.answer === 'result'))
}
