import type { StoredMessage } from '../../protocol/messages.ts'
import type { TurnOutcome } from '../../protocol/turn.ts'
import { counted } from '../output/text.ts'

/** One line of the account, and whether its figure is as promised. */
export interface TallyLine {
  readonly text: string
  readonly holds: boolean
}

/** Counts in recall memory what the guarantees speak of: every message once, every call with one result, every turn with an end. */
export function tally(facts: {
  readonly sent: readonly string[]
  readonly messages: readonly StoredMessage[]
  readonly outcomes: readonly (TurnOutcome | undefined)[]
}): TallyLine[] {
  const { sent, messages, outcomes } = facts
  const once = sent.filter((eventId) => messages.filter((message) => message.eventId === eventId).length === 1)
  const calls = messages.flatMap(({ op, turn, step, calls = [] }) => calls.map(({ id }) => ({ op, turn, step, id })))
  const results = messages.filter(({ role }) => role === 'tool')
  const answered = calls.filter(({ turn, step, id }) => results.filter((result) => result.turn === turn && result.step === step && result.callId === id).length === 1)
  const completed = outcomes.filter((outcome) => outcome?.end === 'completed')
  return [
    { text: `${counted(sent.length, 'message')} sent; in recall memory exactly once: ${once.length}`, holds: once.length === sent.length },
    {
      text: `${counted(calls.length, 'tool call')}; with exactly one result: ${answered.length}; results without a call: ${results.length - answered.length}`,
      holds: answered.length === calls.length && results.length === calls.length,
    },
    { text: `${counted(outcomes.length, 'turn')}; completed: ${completed.length}`, holds: completed.length === outcomes.length },
  ]
}
