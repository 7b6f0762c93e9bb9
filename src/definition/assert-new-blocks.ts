import { ownerOf } from '../protocol/block-id.ts'
import { invalidArgument } from '../protocol/errors.ts'
import { innerId, tenantOf } from '../protocol/tenant.ts'
import type { BlockStore } from '../stores/blocks.ts'
import type { AgentChanges } from './agent-changes.ts'
import type { AgentInput } from './agent-input.ts'

/**
 * What an attached block is to begin with would be dropped where the agent had the block before, and it has versions. A block that agents
 * share begins with it where it is not there yet, and keeps what it has.
 * @param changed.blocks as the agent's tenant calls them
 * @throws PerdureError `invalid-argument`
 */
export async function assertNewBlocks(store: Pick<BlockStore, 'currents'>, key: string, changed: { readonly changes: AgentChanges; readonly blocks: AgentInput['blocks'] }): Promise<void> {
  const { changes, blocks } = changed
  const inner = (blockId: string): string => innerId(tenantOf(key), blockId)
  const asked = new Map(Object.entries(changes.blocks ?? {}))
  const given = (blocks ?? []).flatMap(({ label, blockId = '' }) => (asked.get(label)?.value !== undefined && ownerOf(inner(blockId)) === key ? [{ label, blockId }] : []))
  const currents = await store.currents(given.map(({ blockId }) => inner(blockId)))
  const there = given.find((_, index) => currents[index] !== undefined)
  if (there === undefined) return
  throw invalidArgument(
    `blocks.${there.label}.value is what a new block begins with; this one, ${JSON.stringify(there.blockId)}, was there before, and comes back with what is in it: leave value out, and edit the block afterwards; for a new block choose another label, which can be renamed then`,
  )
}
