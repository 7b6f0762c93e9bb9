import { PerdureError } from '../../protocol/errors.ts'
import { numberOf } from './columns.ts'
import type { EmbeddedDatabase } from './database.ts'

/** Raised with every change of the tables; each raise comes with the statements that lead there. */
const schemaVersion = 2

/** "Perd" in ASCII: tells our files from other programs' databases. */
const applicationId = 0x50657264

/**
 * Columns are what is asked for; `body` is the whole thing as JSON. Times are epoch milliseconds. Word indexes hold no text, only
 * `<agent>:<word>` terms made by `words.ts`: one agent's search never reads another's postings. The tokenizer takes what is not
 * ASCII, and those three signs, as parts of a word, so that it splits at our spaces and nowhere else.
 */
const tables: readonly string[] = [
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
]

/** What leads from a schema to the next. A new file gets all of them, one after the other. */
const raises: Readonly<Record<number, readonly string[]>> = {
  0: tables,
  1: ['CREATE TABLE answer (agent TEXT NOT NULL, op TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, op, id))'],
}

/** Makes the tables of a new file, and those that a file of an earlier version lacks; refuses a file that this version cannot keep safe. Several processes may do so at once. */
export function prepareSchema(database: EmbeddedDatabase, file: string): void {
  const pragma = (name: string): number => numberOf(database.row(`PRAGMA ${name}`) ?? {}, name)
  if (pragma('user_version') === schemaVersion && pragma('application_id') === applicationId) return

  database.transaction(() => {
    const found = pragma('user_version')
    const owner = pragma('application_id')
    const filled = database.row('SELECT 1 FROM sqlite_master LIMIT 1') !== undefined
    if (owner !== applicationId && filled) {
      throw new PerdureError(
        'file-unreadable',
        `${file} is another program's database: name a file that does not exist yet, or one that Perdure made`,
      )
    }
    if (found > schemaVersion) {
      throw new PerdureError(
        'file-unreadable',
        `the memory file ${file} has schema ${found}, and this version of Perdure knows schemas up to ${schemaVersion}: ` +
          'run the version that wrote it, or a later one',
      )
    }
    if (found === schemaVersion) return
    for (let schema = found; schema < schemaVersion; schema += 1) for (const statement of raises[schema] ?? []) database.run(statement)
    database.run(`PRAGMA application_id = ${applicationId}`)
    database.run(`PRAGMA user_version = ${schemaVersion}`)
  })
}
