/** One version of a block. Version 1 is the initial value; the highest is the present one. */
export interface BlockVersion {
  readonly blockId: string
  readonly version: number
  readonly value: string
  /** Operation id of the write, unique per block. */
  readonly op: string
  /** Agent or person. */
  readonly author: string
  readonly turn: number
  /** ISO 8601. */
  readonly at: string
}

/**
 * Blocks are their versions: a write inserts the next version, and loses to whoever inserted that number first. So one atomic
 * insert is the whole write, the history is complete by construction, and shared blocks lose no edit.
 */
export interface BlockStore {
  current(blockId: string): Promise<BlockVersion | undefined>
  /** `undefined` for a block that is not there. Order as asked. */
  currents(blockIds: readonly string[]): Promise<readonly (BlockVersion | undefined)[]>
  /** The version that was written under `op`, however many came after it: how a repeated write finds itself. */
  byOp(blockId: string, op: string): Promise<BlockVersion | undefined>
  /**
   * Inserts this version. `stored`: it is in, now or by an earlier write under the same `op` (whose version is returned).
   * `conflict`: another op holds this version number; read again and retry.
   */
  insert(version: BlockVersion): Promise<{ readonly status: 'stored' | 'conflict'; readonly version: BlockVersion }>
  /** Newest first. */
  history(blockId: string, limit: number): Promise<readonly BlockVersion[]>
  version(blockId: string, version: number): Promise<BlockVersion | undefined>
}
