import { randomUUID } from 'node:crypto'
import { assertCommandId } from '../protocol/commands.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { opOf } from '../protocol/ids.ts'
import { composed, wellFormed } from '../protocol/well-formed.ts'
import { bindTo, boundBefore } from '../stores/bound.ts'
import { restoreBlock, undoBlock, type BlockWrite } from '../stores/core-memory.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { BlockVersion } from '../stores/blocks.ts'
import type { MemoryStore } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import { assertAuthor, assertText } from './assert-input.ts'
import type { CommandOptions } from './commands.ts'
import { once } from './once.ts'

export interface BlockWriteOptions extends Pick<CommandOptions, 'commandId'> {
  /** Who writes it, for the record. Default `person`. */
  readonly author?: string
}

export interface BlockEditOptions extends BlockWriteOptions {
  /** Only if this version is the present one still; of a block that was not written yet, 0. Default: whichever is. */
  readonly ifVersion?: number
}

export interface BlockWriteMethods {
  /**
   * Sets a block's value, also a read-only one's. The agent sees it at its next step. The same again under its `commandId` is done once.
   * @throws PerdureError `block-too-large`, `block-unknown`, `block-conflict` where another version than `ifVersion` is the present one;
   * `invalid-argument` for an id under which something else was commanded
   */
  editBlock(agentId: string, label: string, value: string, options?: BlockEditOptions): Promise<BlockVersion>
  /**
   * Goes back to the version before the present one, or to `to`. Under a `commandId` once, however much is written after it.
   * @throws PerdureError `nothing-to-undo`, `block-unknown`; `block-conflict` and `invalid-argument` as `editBlock`
   */
  undoBlock(agentId: string, label: string, options?: BlockEditOptions & { readonly to?: number }): Promise<BlockVersion>
}

/**
 * The block of a label, of whatever is known of an agent's blocks.
 * @throws PerdureError `block-unknown`, with the labels that there are
 */
export function blockOf<Block extends { readonly label: string }>(agentId: string, blocks: readonly Block[], label: string): Block {
  const block = blocks.find((candidate) => composed(candidate.label) === composed(label))
  if (block) return block
  throw new PerdureError('block-unknown', `agent ${agentId} has no block ${JSON.stringify(label)}; it has ${blocks.map((known) => known.label).join(', ')}`)
}

export function blockWriteMethods({ blocks, claims }: MemoryStore, { agentOf }: AgentNames): BlockWriteMethods {
  interface Asked extends BlockWriteOptions {
    readonly label: string
    readonly asked: readonly unknown[]
  }

  /** The block that the label named when the command was given first: it may have been renamed since, and another one may have its label. */
  const blockIdOf = async ({ key, definition }: StoredAgent, label: string, commandId: string | undefined): Promise<string> => {
    const named = (): string => blockOf(definition.id, definition.blocks, label).blockId
    if (commandId === undefined) return named()
    const binding = { agentId: key, op: opOf.bound(key, 'block', opOf.person(key, commandId)) }
    return (await boundBefore(claims, binding)) ?? bindTo(claims, binding, named())
  }

  const written = async (agentId: string, { label, author, commandId, asked }: Asked, write: (write: BlockWrite) => Promise<BlockVersion>): Promise<BlockVersion> => {
    assertAuthor(author)
    if (commandId !== undefined) assertCommandId(commandId)
    const agent = await agentOf(agentId)
    const blockId = await blockIdOf(agent, label, commandId)
    const op = opOf.person(agent.key, commandId ?? randomUUID())
    const act = (): Promise<BlockVersion> => {
      // One that was detached meanwhile is refused by the label that it was given by.
      const definition = agent.definition.blocks.find((block) => block.blockId === blockId) ?? blockOf(agent.definition.id, agent.definition.blocks.filter((block) => block.label !== label), label)
      return write({ blocks, definition, op, author: author ?? 'person', turn: 0, at: new Date().toISOString(), byPerson: true })
    }
    let version: BlockVersion | undefined
    await once(claims, { agentId: agent.key, op, asked: [label, ...asked] }, async () => {
      version = await act()
    })
    // A write that has changed nothing has made no version.
    version ??= (await blocks.byOp(blockId, op)) ?? (await blocks.current(blockId))
    return version ?? act()
  }

  return {
    editBlock: async (agentId, label, given, { ifVersion, ...options } = {}) => {
      assertText(given, 'the value of a block')
      assertVersion(ifVersion)
      const value = wellFormed(given)
      return written(agentId, { ...options, label, asked: ['edit', value] }, (write) => restoreBlock({ ...write, value, ...(ifVersion !== undefined && { ifVersion }) }))
    },
    undoBlock: async (agentId, label, { to, ifVersion, ...options } = {}) => {
      assertVersion(ifVersion)
      return written(agentId, { ...options, label, asked: ['undo', to ?? null] }, (write) => undoBlock({ ...write, ...(to !== undefined && { to }), ...(ifVersion !== undefined && { ifVersion }) }))
    },
  }
}

function assertVersion(ifVersion: number | undefined): void {
  if (ifVersion !== undefined && !Number.isSafeInteger(ifVersion)) throw invalidArgument('ifVersion is the number of a version')
}
