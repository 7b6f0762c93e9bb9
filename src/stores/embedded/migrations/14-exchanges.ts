import type { Migration } from '../../migration.ts'

/** A worker makes the vectors of an agent's earlier exchanges after its next compaction, and `perdure reindex` those of all agents. */
export const exchanges: Migration<string> = {
  to: 14,
  describe: 'vectors of exchanges, by which recall memory is found by meaning',
  steps: [
    `CREATE TABLE exchange (
      id INTEGER PRIMARY KEY, agent TEXT NOT NULL, model TEXT NOT NULL, dimensions INTEGER NOT NULL, first INTEGER NOT NULL, part INTEGER NOT NULL,
      last INTEGER NOT NULL, at INTEGER NOT NULL, vector BLOB NOT NULL, UNIQUE (agent, model, dimensions, first, part))`,
  ],
}
