import type { AgentId } from './ids.ts'

/**
 * Of a block that an agent has of its own: the one that it got with its first label, and keeps under every other. A block of nobody's, which
 * whoever names it shares, has an id without `/`.
 */
export const ownBlockId = (agentId: AgentId, label: string): string => `${agentId}/${label}`

/** The key, or the name, of the agent whose block this is; undefined where it is nobody's. No key has a `/`, whatever a label has. */
export function ownerOf(blockId: string): AgentId | undefined {
  const at = blockId.indexOf('/')
  return at < 0 ? undefined : blockId.slice(0, at)
}

/** Of a block's id what stands after its owner: the label that it had first. */
export const firstLabelOf = (blockId: string): string => blockId.slice(blockId.indexOf('/') + 1)

/**
 * An id of the agent's own for a block of this label, also where a block that was renamed has that of the label. No label has a blank in it.
 * However many such blocks there were, few ids are asked for: a free one is looked for by doubling, and then between the last two.
 */
export async function freeBlockId(agentId: AgentId, label: string, isTaken: (blockId: string) => Promise<boolean>): Promise<string> {
  const first = ownBlockId(agentId, label)
  if (!(await isTaken(first))) return first
  const numbered = (number: number): string => `${first} ${number}`
  let [taken, free] = [1, 2]
  while (await isTaken(numbered(free))) [taken, free] = [free, free * 2]
  while (free - taken > 1) {
    const between = Math.floor((taken + free) / 2)
    if (await isTaken(numbered(between))) taken = between
    else free = between
  }
  return numbered(free)
}
