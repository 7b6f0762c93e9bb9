import { ownerOf } from '../protocol/block-id.ts'
import type { BlockDefinition } from '../protocol/definition.ts'
import type { DefinitionStore } from '../stores/definitions.ts'

/** Blocks of an agent's own by their ids, as they last stood in its definition; first those that stood there last. */
export type FormerBlocks = ReadonlyMap<string, BlockDefinition>

/** Definitions may be large, so not all are in memory at once. */
const atOnce = 50

/** All that versions of the agent's definition have had. An agent that was never changed has no version stored, and none here. */
export async function formerBlocks(definitions: Pick<DefinitionStore, 'history'>, key: string): Promise<FormerBlocks> {
  const former = new Map<string, BlockDefinition>()
  let before: number | undefined
  for (;;) {
    const versions = await definitions.history(key, { limit: atOnce, ...(before !== undefined && { before }) })
    for (const block of versions.flatMap(({ definition }) => definition.blocks)) {
      if (ownerOf(block.blockId) === key && !former.has(block.blockId)) former.set(block.blockId, block)
    }
    before = versions.at(-1)?.version
    if (versions.length < atOnce) return former
  }
}
