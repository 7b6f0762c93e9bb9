import { randomUUID } from 'node:crypto'
import { assertCommandId } from '../protocol/commands.ts'
import { PerdureError } from '../protocol/errors.ts'
import { opOf } from '../protocol/ids.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import { restoreBlock, undoBlock, type BlockWrite } from '../stores/core-memory.ts'
import type { BlockVersion, MemoryStore } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import { assertAuthor, assertText } from './assert-input.ts'
import type { CommandOptions } from './commands.ts'
import { once } from './once.ts'

export interface BlockWriteOptions extends Pick<CommandOptions, 'commandId'> {
  /** Who writes it, for the record. Default `person`. */
  readonly author?: string
}

export interface BlockWriteMethods {
  /**
   * Sets a block's value, also a read-only one's. The agent sees it at its next step. The same again under its `commandId` is done once.
   * @throws PerdureError `block-too-large`, `block-unknown`; `invalid-argument` for an id under which something else was commanded
   */
  editBlock(agentId: string, label: string, value: string, options?: BlockWriteOptions): Promise<BlockVersion>
  /**
   * Goes back to the version before the present one, or to `to`. Under a `commandId` once, however much is written after it.
   * @throws PerdureError `nothing-to-undo`, `block-unknown`; `invalid-argument` as `editBlock`
   */
  undoBlock(agentId: string, label: string, options?: BlockWriteOptions & { readonly to?: number }): Promise<BlockVersion>
}

/**
 * The block of a label, of whatever is known of an agent's blocks.
 * @throws PerdureError `block-unknown`, with the labels that there are
 */
export function blockOf<Block extends { readonly label: string }>(agentId: string, blocks: readonly Block[], label: string): Block {
  const block = blocks.find((candidate) => candidate.label === label)
  if (block) return block
  throw new PerdureError('block-unknown', `agent ${agentId} has no block ${JSON.stringify(label)}; it has ${blocks.map((known) => known.label).join(', ')}`)
}

export function blockWriteMethods({ blocks, claims }: MemoryStore, { agentOf }: AgentNames): BlockWriteMethods {
  interface Asked extends BlockWriteOptions {
    readonly label: string
    readonly asked: readonly unknown[]
  }

  const written = async (agentId: string, { label, author, commandId = randomUUID(), asked }: Asked, write: (write: BlockWrite) => Promise<BlockVersion>): Promise<BlockVersion> => {
    assertAuthor(author)
    assertCommandId(commandId)
    const agent = await agentOf(agentId)
    const definition = blockOf(agent.definition.id, agent.definition.blocks, label)
    const op = opOf.person(agent.key, commandId)
    const by = { blocks, definition, op, author: author ?? 'person', turn: 0, at: new Date().toISOString(), byPerson: true }
    let version: BlockVersion | undefined
    await once(claims, { agentId: agent.key, op, asked: [label, ...asked] }, async () => {
      version = await write(by)
    })
    // A write that has changed nothing has made no version.
    version ??= (await blocks.byOp(definition.blockId, op)) ?? (await blocks.current(definition.blockId))
    return version ?? write(by)
  }

  return {
    editBlock: async (agentId, label, given, options = {}) => {
      assertText(given, 'the value of a block')
      const value = wellFormed(given)
      return written(agentId, { ...options, label, asked: ['edit', value] }, (write) => restoreBlock({ ...write, value }))
    },
    undoBlock: async (agentId, label, { to, ...options } = {}) =>
      written(agentId, { ...options, label, asked: ['undo', to ?? null] }, (write) => undoBlock({ ...write, ...(to !== undefined && { to }) })),
  }
}
