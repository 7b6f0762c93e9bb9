import type { Migration } from '../../migration.ts'

/** Releases of before answered no asides. */
export const asideCosts: Migration<string> = {
  to: 10,
  describe: 'what asides have cost; of what was asked and answered in them nothing is kept',
  steps: ['CREATE TABLE aside_cost (agent TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, id)) WITHOUT ROWID'],
}
