import type { Migration } from '../../migration.ts'

/** `schema` says since when, and by which version of Perdure, the file is what it is: who can't read it is told whom to ask. */
export const answers: Migration<string> = {
  to: 2,
  describe: 'a table for answers to calls that wait, and one for the file\'s own versions',
  steps: [
    'CREATE TABLE answer (agent TEXT NOT NULL, op TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, op, id))',
    'CREATE TABLE schema (version INTEGER PRIMARY KEY, program TEXT NOT NULL, at TEXT NOT NULL)',
  ],
}
