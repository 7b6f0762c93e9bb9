import { isRecord } from '../protocol/is-record.ts'

type Blocks = Readonly<Record<string, unknown>>

/**
 * Which label each block of one form of a definition has in another one: that under which its id stands there, and else its own. Blocks that
 * are there no more are not in it. An id that is left out is no other one.
 */
export function pairedLabels(before: Blocks, after: Blocks): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  const free = new Map(Object.entries(after).map(([label, block]) => [label, idOf(block)]))
  const pair = (label: string, now: string | undefined): void => {
    if (!labels.has(label) && now !== undefined && free.delete(now)) labels.set(label, now)
  }
  const known = Object.entries(before).map(([label, block]) => [label, idOf(block)] as const)
  for (const [label, id] of known) if (free.get(label) === id) pair(label, label)
  for (const [label, id] of known) if (id !== undefined) pair(label, [...free].find(([, candidate]) => candidate === id)?.[0])
  for (const [label] of known) pair(label, label)
  return labels
}

const idOf = (block: unknown): unknown => (isRecord(block) && Object.hasOwn(block, 'blockId') ? block['blockId'] : undefined)
