import type { Collection } from 'mongodb'
import type { BlockStore, BlockVersion } from '../blocks.ts'
import { insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody } from './versioned.ts'

export type BlockDocument = BlockVersion & Identified

export function mongoBlocks(collection: Collection<BlockDocument>): BlockStore {
  const byVersion = (blockId: string, version: number): Promise<BlockVersion | null> =>
    findBody<BlockVersion, BlockDocument>(collection, { blockId, version }, withoutId)
  const byOp = (blockId: string, op: string): Promise<BlockVersion | null> => findBody<BlockVersion, BlockDocument>(collection, { blockId, op }, withoutId)
  const current = async (blockId: string): Promise<BlockVersion | undefined> =>
    (await findBody<BlockVersion, BlockDocument>(collection, { blockId }, { ...withoutId, sort: { version: -1 } })) ?? undefined
  return {
    current,
    // An agent has a handful of blocks: as many seeks on an index, side by side.
    currents: (blockIds) => Promise.all(blockIds.map(current)),
    byOp: async (blockId, op) => (await byOp(blockId, op)) ?? undefined,
    insert: async (version) => {
      const { blockId, op } = version
      if ((await insertIfAbsent(collection, { ...version, _id: `${blockId} ${version.version}` })) === 'inserted') {
        return { status: 'stored', version }
      }
      const earlier = await byOp(blockId, op)
      if (earlier !== null) return { status: 'stored', version: earlier }
      return { status: 'conflict', version: present(await byVersion(blockId, version.version), `version ${version.version} of block ${blockId}`) }
    },
    history: (blockId, limit) => findBodies<BlockVersion, BlockDocument>(collection, { blockId }, { ...withoutId, sort: { version: -1 }, limit }),
    version: async (blockId, version) => (await byVersion(blockId, version)) ?? undefined,
  }
}
