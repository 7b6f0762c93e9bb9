import type { Migration } from '../../migration.ts'

/**
 * Columns are what is asked for; `body` is the whole thing as JSON. Times are epoch milliseconds. Word indexes hold no text, only
 * `<agent>:<word>` terms made by `words.ts`: one agent's search never reads another's postings. The tokenizer takes what is not
 * ASCII, and those three signs, as parts of a word, so that it splits at our spaces and nowhere else.
 */
export const tables: Migration<string> = {
  to: 1,
  describe: 'the tables of a new file',
  steps: [
    'CREATE TABLE agent (id TEXT PRIMARY KEY, body TEXT NOT NULL, instructions TEXT, archived_at TEXT)',
    'CREATE TABLE event (agent TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, id))',
    `CREATE TABLE message (
      id INTEGER PRIMARY KEY, agent TEXT NOT NULL, op TEXT NOT NULL, seq INTEGER NOT NULL, turn INTEGER NOT NULL, at INTEGER NOT NULL,
      role TEXT NOT NULL, conversation INTEGER NOT NULL, popped INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL,
      UNIQUE (agent, op), UNIQUE (agent, seq))`,
    'CREATE INDEX message_at ON message (agent, at)',
    `CREATE VIRTUAL TABLE message_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-_'")`,
    `CREATE TABLE block_version (
      block TEXT NOT NULL, version INTEGER NOT NULL, op TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (block, version), UNIQUE (block, op))`,
    'CREATE TABLE summary (id INTEGER PRIMARY KEY, agent TEXT NOT NULL, op TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (agent, op))',
    'CREATE TABLE turn (agent TEXT NOT NULL, turn INTEGER NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, turn))',
    'CREATE INDEX turn_event ON turn (agent, event)',
    'CREATE TABLE claim (agent TEXT NOT NULL, op TEXT NOT NULL, owner TEXT NOT NULL, outcome TEXT, PRIMARY KEY (agent, op))',
    'CREATE TABLE checkpoint (agent TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, name))',
    'CREATE TABLE embedding_space (one INTEGER PRIMARY KEY CHECK (one = 1), model TEXT NOT NULL, dimensions INTEGER NOT NULL)',
    `CREATE TABLE passage (
      id INTEGER PRIMARY KEY, agent TEXT NOT NULL, op TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL, tags TEXT NOT NULL,
      vector BLOB NOT NULL, body TEXT NOT NULL, UNIQUE (agent, op))`,
    'CREATE INDEX passage_agent ON passage (agent)',
    `CREATE VIRTUAL TABLE passage_words USING fts5 (words, content = '', contentless_delete = 1, tokenize = "ascii tokenchars ':-_'")`,
  ],
}
