import type { AgentDefinition, BlockDefinition } from '../protocol/definition.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import type { BlockStore, BlockVersion } from './blocks.ts'

/** Each round that loses means that another write won, so this many rounds lose only to as many writers of one block. */
const rounds = 64

export interface BlockWrite {
  readonly blocks: BlockStore
  readonly definition: BlockDefinition
  /** Operation id of the write: the same again is the same write, and its edit is not applied a second time. */
  readonly op: string
  /** Agent or person. */
  readonly author: string
  readonly turn: number
  /** ISO 8601. */
  readonly at: string
  /** A person's write reaches read-only blocks as well; the limit holds for everybody. */
  readonly byPerson?: boolean
}

/** A block as the prompt shows it. `version` 0: not stored yet, the value is the definition's. */
export interface BlockReading {
  readonly definition: BlockDefinition
  readonly version: number
  readonly value: string
}

/**
 * The one way in which a block changes. The edit is applied to the present value and stored as the next version; if somebody
 * else's write came between, it is applied again to theirs. An edit that changes nothing writes nothing and gives the present
 * version (whose `op` is another's).
 * @throws PerdureError `block-read-only`, `block-too-large`, `block-conflict`, and whatever `edit` throws
 */
export async function writeBlock({ edit, ...write }: BlockWrite & { readonly edit: (value: string, present: BlockVersion) => string }): Promise<BlockVersion> {
  const { blocks, definition, op, author, turn, at } = write
  const earlier = await blocks.byOp(definition.blockId, op)
  if (earlier) return earlier
  if (definition.readOnly && write.byPerson !== true) {
    throw new PerdureError('block-read-only', `block ${JSON.stringify(definition.label)} is read-only: only a person can change it; write to another block`)
  }
  for (let round = 0; round < rounds; round += 1) {
    const current = await createBlock(write)
    const value = edit(current.value, current)
    if (value === current.value) return current
    assertWithinLimit(definition, value)
    const version = current.version + 1
    const inserted = await blocks.insert({ blockId: definition.blockId, version, value, op, author, turn, at })
    if (inserted.status === 'stored') return inserted.version
  }
  throw new PerdureError(
    'block-conflict',
    `block ${JSON.stringify(definition.label)} was written by others ${rounds} times while this write was tried: nothing was changed; try again`,
  )
}

/**
 * Sets a block's value, whatever it was: a checkpoint's, or a person's text; with `ifVersion` only where that is the present one. 0 is a block
 * that was not written yet, of which version 1 is the value that it began with.
 * @throws PerdureError as `writeBlock`; `block-conflict` where another version is there
 */
export function restoreBlock({ value, ifVersion, ...write }: BlockWrite & { readonly value: string; readonly ifVersion?: number }): Promise<BlockVersion> {
  const edit = (_: string, present: BlockVersion): string => {
    assertPresent(write.definition, present, ifVersion)
    return value
  }
  return writeBlock({ ...write, byPerson: true, edit })
}

/** @throws PerdureError `block-conflict` */
function assertPresent({ label }: BlockDefinition, { version, author }: BlockVersion, ifVersion: number | undefined): void {
  if (ifVersion === undefined || version === Math.max(1, ifVersion)) return
  throw new PerdureError('block-conflict', `block ${JSON.stringify(label)} is at version ${version}, which ${author} wrote, and no longer at ${ifVersion}: look at what was written, and change it anew`)
}

/**
 * Writes an earlier version's value as a new version: the one before the present, or `to`. Nothing leaves the history, so an
 * undo can be undone in the same way. It takes back only what was there when it began, or with `ifVersion` what was looked at, never a write that comes in between.
 * @throws PerdureError `nothing-to-undo` at version 1, `invalid-argument` for a `to` that is not there, `block-conflict`
 */
export async function undoBlock({ to, ifVersion, ...write }: BlockWrite & { readonly to?: number; readonly ifVersion?: number }): Promise<BlockVersion> {
  const { blocks, definition, op } = write
  const done = await blocks.byOp(definition.blockId, op)
  if (done) return done
  const current = await blocks.current(definition.blockId)
  if (!current || current.version <= 1) {
    throw new PerdureError('nothing-to-undo', `block ${JSON.stringify(definition.label)} still has the value that it began with`)
  }
  assertPresent(definition, current, ifVersion)
  const target = to ?? current.version - 1
  const earlier = await blocks.version(definition.blockId, target)
  if (!earlier) {
    throw invalidArgument(`block ${JSON.stringify(definition.label)} has no version ${target}: 1 to ${current.version} exist`)
  }
  const edit = (value: string): string => {
    if (value === current.value) return earlier.value
    throw new PerdureError('block-conflict', `block ${JSON.stringify(definition.label)} was written while it was being undone: look at it and try again`)
  }
  return writeBlock({ ...write, byPerson: true, edit })
}

/** The agent's blocks in the order of its definition. Writes nothing, and never fails for want of a block or for its size. */
export async function readBlocks(definition: Pick<AgentDefinition, 'blocks'>, blocks: BlockStore): Promise<BlockReading[]> {
  const stored = await blocks.currents(definition.blocks.map(block => block.blockId))
  return definition.blocks.map((block, index) => {
    const current = stored[index]
    return { definition: block, version: current?.version ?? 0, value: current?.value ?? block.value }
  })
}

/** A label may be the name of anything that every object has. */
export const versionIn = (versions: Readonly<Record<string, number>>, label: string): number => (Object.hasOwn(versions, label) && versions[label]) || 0

/**
 * The agent's blocks in those versions, by label, in the order of its definition. No version: the block was not stored yet, and had the
 * definition's value. No value: the store has that version no more.
 */
export async function readBlocksAt(
  definition: Pick<AgentDefinition, 'blocks'>,
  versions: Readonly<Record<string, number>>,
  blocks: Pick<BlockStore, 'version'>,
): Promise<readonly (Omit<BlockReading, 'value'> & { readonly value: string | undefined })[]> {
  return Promise.all(
    definition.blocks.map(async (block) => {
      const version = versionIn(versions, block.label)
      return { definition: block, version, value: version === 0 ? block.value : (await blocks.version(block.blockId, version))?.value }
    }),
  )
}

/** Stores version 1 with the definition's value, unless the block is there: a shared block keeps what it has. */
export async function createBlock(write: Pick<BlockWrite, 'blocks' | 'definition' | 'author' | 'at'>): Promise<BlockVersion> {
  const { blocks, author, at } = write
  const { blockId, value } = write.definition
  const current = await blocks.current(blockId)
  if (current) return current
  const { version } = await blocks.insert({ blockId, version: 1, value, op: `${blockId}/initial`, author, turn: 0, at })
  // Others may have created it and written on since; what counts is the newest.
  return (await blocks.current(blockId)) ?? version
}

/** @throws PerdureError `block-too-large` */
export function assertWithinLimit({ label, limit }: BlockDefinition, value: string): void {
  if (value.length <= limit) return
  throw new PerdureError(
    'block-too-large',
    `block ${JSON.stringify(label)} may have ${limit} characters; it would have ${value.length}, ${value.length - limit} too many: ` +
      'shorten or replace what is in it, or put details into archival memory',
  )
}
