import type { BlockDefinition } from '../protocol/definition.ts'
import { escapeAttribute } from '../protocol/escape-attribute.ts'
import { PerdureError } from '../protocol/errors.ts'
import { composed } from '../protocol/well-formed.ts'
import { writeBlock } from '../stores/core-memory.ts'
import type { BlockVersion } from '../stores/blocks.ts'
import type { ToolContext } from './tool.ts'

/** @throws PerdureError `block-unknown` with the labels that there are */
export function ownBlock({ definition }: ToolContext, label: string): BlockDefinition {
  // A model may write a label as the prompt shows it.
  const block = definition.blocks.find(candidate => composed(candidate.label) === composed(label)) ?? definition.blocks.find(candidate => escapeAttribute(candidate.label) === label)
  if (block) return block
  const labels = definition.blocks.map(candidate => candidate.label).join(', ')
  throw new PerdureError('block-unknown', `there is no block ${JSON.stringify(label)}; your blocks are: ${labels || 'none'}`)
}

/** An agent's edit of a block of its own, under the operation id of its call. */
export function editOwnBlock(context: ToolContext, definition: BlockDefinition, edit: (value: string) => string): Promise<BlockVersion> {
  const { agentId, op, turn, at, stores } = context
  return writeBlock({ blocks: stores.memory.blocks, definition, op, author: agentId, turn, at, edit })
}

export function useOf({ label, limit }: BlockDefinition, value: string): string {
  return `Block ${JSON.stringify(label)} now has ${value.length} of ${limit} characters.`
}
