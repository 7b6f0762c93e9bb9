import type { ToolInput } from '../protocol/activities.ts'
import type { CallRef } from '../protocol/inference.ts'
import { opOf } from '../protocol/ids.ts'
import type { ToolCall } from '../protocol/messages.ts'
import type { AnswerBody, CallAnswer } from '../protocol/waiting.ts'
import { boundedResult } from './run-call.ts'
import type { ToolOutcome } from '../stores/claims.ts'
import type { MemoryStore } from '../stores/stores.ts'

/** The call with the arguments that a person put in place of the model's; undefined where they are not stored. */
export async function editedCall(memory: MemoryStore, { agentId, op, call: index, edit }: ToolInput, call: ToolCall): Promise<ToolCall | undefined> {
  if (edit === undefined) return call
  return withArguments(call, await memory.answers.get(agentId, opOf.call(op, index), edit))
}

/** Undefined where the edit is not stored, or brings no arguments. */
export const withArguments = (call: ToolCall, edit: Pick<AnswerBody, 'arguments'> | undefined): ToolCall | undefined =>
  edit?.arguments === undefined ? undefined : { ...call, arguments: edit.arguments }

/**
 * What a call comes to by its answers alone: refused, not answered in time, or run by the caller. Undefined for one that is to be run
 * here.
 */
export async function outcomeByAnswer(options: {
  readonly memory: MemoryStore
  readonly agentId: string
  readonly op: string
  readonly answer: CallAnswer | undefined
  readonly waits: NonNullable<CallRef['waits']>
}): Promise<ToolOutcome | undefined> {
  const { memory, agentId, op, answer, waits } = options
  const stored = async (id: string | undefined): Promise<AnswerBody | undefined> => (id === undefined ? undefined : memory.answers.get(agentId, op, id))
  switch (answer?.approval?.answer) {
    case 'expired':
      return { ok: false, text: `nobody approved this call within ${spanOf(waits.approval ?? 0)}; it was not run` }
    case 'refuse': {
      const body = await stored(answer.approval.id)
      const reason = body?.text === undefined || body.text.trim() === '' ? '' : `: ${body.text.trim()}`
      return { ok: false, text: boundedResult(`refused by ${body?.by ?? 'a person'}${reason}. It was not run.`) }
    }
  }
  if (answer?.client === undefined) return undefined
  if (answer.client.answer === 'expired') {
    return { ok: false, text: `no caller gave the result of this call within ${spanOf(waits.client ?? 0)}; whether it was run is not known` }
  }
  const body = await stored(answer.client.id)
  if (body === undefined) return { ok: false, text: 'the result of this call is not in the store' }
  return { ok: body.ok !== false, text: boundedResult(body.text ?? '') }
}

/** For the model: that a person changed what it had asked for, and to what. */
export function withEdit(outcome: ToolOutcome, edit: Pick<AnswerBody, 'by' | 'arguments'> | undefined): ToolOutcome {
  if (edit === undefined) return outcome
  const note = `${edit.by ?? 'A person'} changed the arguments of this call to ${edit.arguments ?? ''} before it was run.`
  return { ...outcome, text: boundedResult(`${note}\n${outcome.text}`) }
}

const units: readonly (readonly [string, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** "7 days", "90 minutes": in the largest unit that it is whole in. */
export function spanOf(milliseconds: number): string {
  const [unit, size] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ['millisecond', 1]
  const count = milliseconds / size
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`
}
