import type { Collection } from 'mongodb'
import { ownerOf } from '../../protocol/block-id.ts'
import type { BlockDefinition } from '../../protocol/definition.ts'
import type { DefinitionVersion } from '../definitions.ts'
import { idOf, isDuplicate, type Identified } from './insert-if-absent.ts'
import { findBody, versioned, type Versioned } from './versioned.ts'

/** A block of the agent's own, as it stood in the last version that had it before one that had not. */
export interface FormerBlockDocument extends Identified, Versioned {
  readonly agentId: string
  readonly version: number
  readonly block: BlockDefinition
}

interface FormerBlockCollections {
  readonly definitions: Collection<DefinitionVersion & Identified>
  readonly formerBlocks: Collection<FormerBlockDocument>
}

/** From this schema on whoever stores a version has kept what left before it. */
const firstToKeep = 11

const keepsAll = ({ version, schema = 1 }: { readonly version: number; readonly schema?: number }): boolean => version === 1 || schema >= firstToKeep

export function mongoFormerBlocks({ definitions, formerBlocks }: FormerBlockCollections) {
  /** Single writes, each of which bears a repetition: what was kept from a later version stays. */
  const keep = async (agentId: string, version: number, blocks: readonly BlockDefinition[]): Promise<void> => {
    for (const block of blocks) {
      try {
        await formerBlocks.updateOne({ _id: idOf(agentId, block.blockId), version: { $lt: version } }, { $set: versioned({ agentId, version, block }) }, { upsert: true })
      } catch (error) {
        if (!isDuplicate(error)) throw error
      }
    }
  }

  /**
   * Keeps what the versions had that were stored by an earlier release, up to `version`, or to the latest: once, as that version then counts
   * as one of this release. Only where such a worker stores versions still is there more to do, of those versions alone.
   */
  const catchUp = async (agentId: string, version?: number): Promise<void> => {
    const last = await definitions.findOne<{ version: number; schema?: number }>({ agentId, ...(version !== undefined && { version }) }, { projection: { version: 1, schema: 1 }, sort: { version: -1 } })
    if (last === null || keepsAll(last)) return
    const seen = new Set<string>()
    const earlier = definitions.find({ agentId, version: { $lte: last.version } }, { projection: { version: 1, schema: 1, 'definition.blocks': 1 }, sort: { version: -1 }, batchSize: 50 })
    for await (const { version: number, schema, definition } of earlier as AsyncIterable<DefinitionVersion & Versioned>) {
      const own = definition.blocks.filter(({ blockId }) => ownerOf(blockId) === agentId && !seen.has(blockId))
      await keep(agentId, number, own)
      for (const { blockId } of own) seen.add(blockId)
      if (keepsAll({ version: number, ...(schema !== undefined && { schema }) })) break
    }
    await definitions.updateOne({ _id: idOf(agentId, last.version) }, { $set: versioned({}) })
  }

  const find = async (agentId: string, filter: object): Promise<BlockDefinition | undefined> => {
    await catchUp(agentId)
    const found = await findBody<FormerBlockDocument, FormerBlockDocument>(formerBlocks, { agentId, ...filter }, { sort: { version: -1 } })
    return found?.block
  }

  return {
    /** To be called before the version after this one is stored. */
    keepLeft: async (agentId: string, version: number, left: readonly BlockDefinition[]): Promise<void> => {
      await catchUp(agentId, version)
      await keep(agentId, version, left)
    },
    formerBlock: (agentId: string, blockId: string) => find(agentId, { _id: idOf(agentId, blockId) }),
    formerBlockOf: (agentId: string, label: string, except: readonly string[]) => find(agentId, { 'block.label': label, 'block.blockId': { $nin: except } }),
  }
}
