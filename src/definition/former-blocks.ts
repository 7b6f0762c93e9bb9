import { ownerOf } from '../protocol/block-id.ts'
import type { BlockDefinition } from '../protocol/definition.ts'
import { innerId, outerId, tenantOf } from '../protocol/tenant.ts'
import type { DefinitionStore } from '../stores/definitions.ts'

/** Blocks of an agent's own that it had before, with the ids by which its tenant knows them. Of those that it has, nothing is asked. */
export interface FormerBlocks {
  /** As it left last. */
  byId(blockId: string): Promise<BlockDefinition | undefined>
  /** Of those that had this label when they left last, the one that left last: none of those with the ids `except`. */
  byLabel(label: string, except: readonly string[]): Promise<BlockDefinition | undefined>
}

export const noFormerBlocks: FormerBlocks = { byId: async () => undefined, byLabel: async () => undefined }

export function formerBlocks(definitions: Pick<DefinitionStore, 'formerBlock' | 'formerBlockOf'>, key: string): FormerBlocks {
  const tenant = tenantOf(key)
  const inner = (blockId: string): string => innerId(tenant, blockId)
  const said = (block: BlockDefinition | undefined): BlockDefinition | undefined => block && { ...block, blockId: outerId(tenant, block.blockId) }
  return {
    byId: async (blockId) => (ownerOf(inner(blockId)) === key ? said(await definitions.formerBlock(key, inner(blockId))) : undefined),
    byLabel: async (label, except) => said(await definitions.formerBlockOf(key, label, except.map(inner))),
  }
}
