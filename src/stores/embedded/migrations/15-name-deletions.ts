import type { Migration } from '../../migration.ts'

/** An agent whose deletion is not finished says itself by which command it is deleted: its erasure, or whoever marks it again, adds that. Of deletions before, nothing is known. */
export const nameDeletions: Migration<string> = {
  to: 15,
  describe: 'a name keeps by which commands its latest agents were deleted',
  steps: [`ALTER TABLE agent_name ADD COLUMN deletions TEXT NOT NULL DEFAULT '[]'`],
}
