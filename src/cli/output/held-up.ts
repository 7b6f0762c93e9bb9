import type { AgentView, PausedActivity } from '../../protocol/handlers.ts'
import { printable } from './printable.ts'

/** What holds up an agent that is at work, in a sentence: somebody has paused it, or it fails and is tried again. Undefined where nothing does. */
export function heldUpText({ running, paused }: Pick<AgentView, 'running' | 'paused'>): string | undefined {
  const [first] = paused ?? []
  if (first !== undefined) return `paused in Temporal by an operator${reasonOf(first)}`
  return running?.retrying === undefined ? undefined : `trying again: ${printable(running.retrying.detail)}`
}

/** Each activity that is paused in a line. */
export const pausedLines = (paused: readonly PausedActivity[]): readonly string[] =>
  paused.map((one) => `paused in Temporal by an operator at ${one.since}${reasonOf(one)}; activity ${printable(one.activityId)} (${printable(one.activity)}) goes on once it is unpaused there`)

const reasonOf = ({ reason }: PausedActivity): string => (reason === undefined ? '' : `: ${printable(reason)}`)
