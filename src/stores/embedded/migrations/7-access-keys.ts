import type { Migration } from '../../migration.ts'

/** A file without a key is served as before, to its own machine alone. Passages are counted by indexes alone, since each step of an agent tells how many there are. */
export const accessKeys: Migration<string> = {
  to: 7,
  describe: 'keys for programs that ask the server over HTTP; passages are counted by an index',
  steps: [
    'CREATE TABLE access_key (id TEXT PRIMARY KEY, created_at TEXT NOT NULL, last_used_at TEXT, revoked_at TEXT, body TEXT NOT NULL)',
    'CREATE INDEX access_key_created ON access_key (created_at, id)',
    // A program between two releases has made it at opening.
    'CREATE INDEX IF NOT EXISTS passage_superseded ON passage (agent) WHERE superseded = 1',
  ],
}
