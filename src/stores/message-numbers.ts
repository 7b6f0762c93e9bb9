import type { SeqRanges } from '../protocol/seq-ranges.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { StoredMessage } from '../protocol/messages.ts'

/** The same numbers as ascending ranges that neither overlap nor touch. */
export function mergeRanges(ranges: SeqRanges): SeqRanges {
  const merged: [from: number, to: number][] = []
  for (const [from, to] of ranges.toSorted((one, other) => one[0] - other[0])) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else if (from <= to) merged.push([from, to])
  }
  return merged
}

/** Nothing was stored. A workflow that gets this knows less than the stores do. */
export const numberTaken = ({ agentId, op, seq }: StoredMessage): PerdureError =>
  new PerdureError('numbers-behind', `message ${op} cannot have number ${seq}: another message of agent ${agentId} holds it, so its workflow has to read its numbers anew`)
