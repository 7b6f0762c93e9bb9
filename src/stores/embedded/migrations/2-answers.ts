import type { Migration } from '../../migration.ts'

/** `schema` says since when, and by which version of Perdure, the file is what it is: who can't read it is told whom to ask. */
export const answers: Migration<string> = {
  to: 2,
  describe: "tables for answers to calls that wait and for documents, and one for the file's own versions",
  steps: [
    'CREATE TABLE answer (agent TEXT NOT NULL, op TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, op, id))',
    `CREATE TABLE document (
      agent TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, load TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, name))`,
    'CREATE TABLE document_part (agent TEXT NOT NULL, hash TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (agent, hash, part))',
    `CREATE TABLE document_chunk (
      agent TEXT NOT NULL, hash TEXT NOT NULL, place INTEGER NOT NULL, page INTEGER, line INTEGER, body TEXT NOT NULL, PRIMARY KEY (agent, hash, place))`,
    'CREATE TABLE schema (version INTEGER PRIMARY KEY, program TEXT NOT NULL, at TEXT NOT NULL)',
  ],
}
