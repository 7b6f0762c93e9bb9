import type { Migration } from '../../migration.ts'

/** `schema` says since when, and by which version of Perdure, the file is what it is: who can't read it is told whom to ask. */
export const answers: Migration<string> = {
  to: 2,
  describe: "tables for answers to calls that wait and for documents, room for a second embedding model's vectors, and a table for the file's own versions",
  steps: [
    'CREATE TABLE answer (agent TEXT NOT NULL, op TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, op, id))',
    `CREATE TABLE document (
      agent TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, load TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, name))`,
    'CREATE TABLE document_part (agent TEXT NOT NULL, hash TEXT NOT NULL, part INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (agent, hash, part))',
    `CREATE TABLE document_chunk (
      agent TEXT NOT NULL, hash TEXT NOT NULL, place INTEGER NOT NULL, page INTEGER, line INTEGER, body TEXT NOT NULL, PRIMARY KEY (agent, hash, place))`,
    // Vectors of the model in force are in the column that `slot` says; an empty blob is none.
    "ALTER TABLE passage ADD COLUMN second_vector BLOB NOT NULL DEFAULT x''",
    'ALTER TABLE embedding_space ADD COLUMN slot INTEGER NOT NULL DEFAULT 0',
    'CREATE TABLE next_embedding_space (one INTEGER PRIMARY KEY CHECK (one = 1), model TEXT NOT NULL, dimensions INTEGER NOT NULL)',
    'CREATE TABLE schema (version INTEGER PRIMARY KEY, program TEXT NOT NULL, at TEXT NOT NULL)',
  ],
}
