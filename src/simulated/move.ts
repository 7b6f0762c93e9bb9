import type { Situation } from './situation.ts'

export interface PlannedCall {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  readonly heartbeat: boolean
}

/** One step: inner thoughts, and the calls that follow from them. */
export interface Move {
  readonly thoughts: string
  readonly calls: readonly PlannedCall[]
}

/** A rule sees the situation and makes a move, or leaves it to the next rule. */
export type Rule = (situation: Situation) => Move | undefined

export const withHeartbeat = (name: string, args: Readonly<Record<string, unknown>>): PlannedCall => ({ name, args, heartbeat: true })

export const simulatedNotice = '(Simulated model: rules, no language model. Set OPENAI_API_KEY or OPENAI_BASE_URL for a real one.)'

/** Sends a message and yields. The first one of a conversation begins with the notice. */
export function sendMessage(situation: Situation, thoughts: string, text: string): Move {
  const message = situation.first ? `${simulatedNotice}\n${text}` : text
  return { thoughts, calls: [{ name: 'send_message', args: { message }, heartbeat: false }] }
}
