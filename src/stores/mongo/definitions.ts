import type { Collection } from 'mongodb'
import type { DefinitionStore, DefinitionVersion, ProposedChange } from '../definitions.ts'
import { mongoFormerBlocks, type FormerBlockDocument } from './former-blocks.ts'
import { idOf, insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody } from './versioned.ts'

export type DefinitionDocument = DefinitionVersion & Identified
/** The change's own `id` has to stand beside the document's. */
export type DefinitionChangeDocument = ProposedChange & Identified

interface DefinitionCollections {
  readonly definitions: Collection<DefinitionDocument>
  readonly definitionChanges: Collection<DefinitionChangeDocument>
  readonly formerBlocks: Collection<FormerBlockDocument>
}

export function mongoDefinitions({ definitions, definitionChanges, formerBlocks }: DefinitionCollections): DefinitionStore {
  const { keepLeft, formerBlock, formerBlockOf } = mongoFormerBlocks({ definitions, formerBlocks })
  const byVersion = (agentId: string, version: number): Promise<DefinitionVersion | null> =>
    findBody<DefinitionVersion, DefinitionDocument>(definitions, { _id: idOf(agentId, version) }, withoutId)
  const byOp = (agentId: string, op: string): Promise<DefinitionVersion | null> => findBody<DefinitionVersion, DefinitionDocument>(definitions, { agentId, op }, withoutId)
  return {
    get: async (agentId, version) => (await byVersion(agentId, version)) ?? undefined,
    latest: async (agentId) => (await findBody<DefinitionVersion, DefinitionDocument>(definitions, { agentId }, { ...withoutId, sort: { version: -1 } })) ?? undefined,
    byOp: async (agentId, op) => (await byOp(agentId, op)) ?? undefined,
    insert: async (version, left = []) => {
      const { agentId, version: number, op } = version
      await keepLeft(agentId, number - 1, left)
      if ((await insertIfAbsent(definitions, { ...version, _id: idOf(agentId, number) })) === 'inserted') return { status: 'stored', version }
      const earlier = await byOp(agentId, op)
      if (earlier !== null) return { status: 'stored', version: earlier }
      return { status: 'conflict', version: present(await byVersion(agentId, number), `version ${number} of the definition of ${agentId}`) }
    },
    history: (agentId, { limit, before }) =>
      findBodies<DefinitionVersion, DefinitionDocument>(definitions, { agentId, ...(before !== undefined && { version: { $lt: before } }) }, { ...withoutId, sort: { version: -1 }, limit }),
    formerBlock,
    formerBlockOf,
    propose: async (change) => {
      await insertIfAbsent(definitionChanges, { ...change, _id: idOf(change.agentId, change.id) })
    },
    proposed: async (agentId, id) => (await findBody<ProposedChange, DefinitionChangeDocument>(definitionChanges, { _id: idOf(agentId, id) }, withoutId)) ?? undefined,
  }
}
