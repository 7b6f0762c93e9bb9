import { textOf, totalOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

/*
 * How many messages and present passages each agent has. To count a million rows by an index takes 40 ms, and each step of a turn says how many
 * passages there are. Triggers keep the counts: they bind processes of earlier versions that have the file open as well.
 */

const oneMore = (of: string, agent: string): string =>
  `INSERT INTO kept_count (agent, of, total) VALUES (${agent}, '${of}', 1) ON CONFLICT (agent, of) DO UPDATE SET total = total + 1;`
const oneLess = (of: string, agent: string): string => `UPDATE kept_count SET total = total - 1 WHERE agent = ${agent} AND of = '${of}';`

/** Makes the counts in a file that lacks them. */
export const keptCountSteps: readonly string[] = [
  'CREATE TABLE kept_count (agent TEXT NOT NULL, of TEXT NOT NULL, total INTEGER NOT NULL, PRIMARY KEY (agent, of)) WITHOUT ROWID',
  `INSERT INTO kept_count (agent, of, total) SELECT agent, 'message', count(*) FROM message GROUP BY agent`,
  `INSERT INTO kept_count (agent, of, total) SELECT agent, 'passage', count(*) FROM passage WHERE superseded = 0 GROUP BY agent`,
  `CREATE TRIGGER message_counted AFTER INSERT ON message BEGIN ${oneMore('message', 'NEW.agent')} END`,
  // Messages are deleted with their agent alone, a million of them perhaps.
  `CREATE TRIGGER message_uncounted AFTER DELETE ON message BEGIN DELETE FROM kept_count WHERE agent = OLD.agent AND of = 'message'; END`,
  `CREATE TRIGGER passage_counted AFTER INSERT ON passage WHEN NEW.superseded = 0 BEGIN ${oneMore('passage', 'NEW.agent')} END`,
  `CREATE TRIGGER passage_uncounted AFTER DELETE ON passage WHEN OLD.superseded = 0 BEGIN ${oneLess('passage', 'OLD.agent')} END`,
  `CREATE TRIGGER passage_recounted AFTER UPDATE OF superseded ON passage WHEN NEW.superseded > OLD.superseded BEGIN ${oneLess('passage', 'NEW.agent')} END`,
]

const countSql = 'SELECT total FROM kept_count WHERE agent = ? AND of = ?'
const countsSql = `SELECT agent, total FROM kept_count WHERE agent IN (SELECT value FROM json_each(?)) AND of = 'message'`

export const countMessages = (database: EmbeddedDatabase, agentId: string): number => totalOf(database.row(countSql, agentId, 'message'))

/** Of the present ones. */
export const countPassages = (database: EmbeddedDatabase, agentId: string): number => totalOf(database.row(countSql, agentId, 'passage'))

export const messageCounts = (database: EmbeddedDatabase, agentIds: readonly string[]): readonly { readonly agent: string; readonly total: number }[] =>
  database.rows(countsSql, JSON.stringify(agentIds)).map((row) => ({ agent: textOf(row, 'agent'), total: totalOf(row) }))

/** Of an agent that is being erased. */
export function forgetCounts(database: EmbeddedDatabase, agentId: string, counted: readonly string[]): void {
  for (const of of counted) database.run('DELETE FROM kept_count WHERE agent = ? AND of = ?', agentId, of)
}
