import { giving, nearby, orderWithNeighbours, weigh, type Held, type Scored } from '../relevance.ts'
import { numberOf, totalOf } from './columns.ts'
import type { Condition, EmbeddedDatabase, SqlRow } from './sql.ts'

const latestSql = 'SELECT ifnull(max(seq), 0) AS total FROM message WHERE agent = ?'
const holdingSql = 'SELECT count(*) AS total FROM message_words WHERE message_words MATCH ?'

/** A message that was found. */
export interface Hit {
  readonly id: number
  readonly seq: number
}

export interface Ranking {
  readonly total: number
  /** How many of `said` were found. */
  readonly worded: number
  readonly ranked: readonly Scored<Hit>[]
}

/**
 * The messages that have one of the words, best first, and how many they are: as `relevance.ts` ranks, with rarities among this agent's
 * messages. (FTS5's own ranking counts the messages of all agents.)
 * @param matches FTS5 expressions of one word each
 * @param most the length of the ranking that is asked for
 * @param said ids of messages that are in the ranking in any case, if they are found
 */
export function rankMessages(
  database: EmbeddedDatabase,
  { agentId, matches, filters, before, most, said }: { readonly agentId: string; readonly matches: readonly { readonly word: string; readonly stem?: string }[]; readonly filters: Condition; readonly before: number | undefined; readonly most: number; readonly said: readonly number[] },
): Ranking {
  const all = totalOf(database.row(latestSql, agentId))
  const held = (term: string): Held => ({ term, holding: totalOf(database.row(holdingSql, term)) })
  const words = weigh(matches.map(({ word, stem }) => ({ word: held(word), stem: stem === undefined ? undefined : held(stem) })), all)
  if (words.length === 0) return { total: 0, worded: 0, ranked: [] }
  const rows = database.rows(
    rankingSql(words.length, filters.sql),
    ...words.flatMap(({ term, weight }) => [weight, term]), ...filters.values, Math.max(most, giving), agentId, before ?? Number.MAX_SAFE_INTEGER, JSON.stringify(said),
  )
  const of = (kind: string): readonly SqlRow[] => rows.filter((row) => row['kind'] === kind)
  const ranked = (row: SqlRow): { readonly id: number; readonly seq: number; readonly own: number } => ({ id: numberOf(row, 'id'), seq: numberOf(row, 'seq'), own: numberOf(row, 'own') })
  const ordered = orderWithNeighbours({ best: of('best').map(ranked), around: of('around').map((row) => numberOf(row, 'seq')), near: [...of('near'), ...of('said')].map(ranked) })
  return { total: numberOf(of('total')[0] ?? {}, 'own'), worded: of('said').length, ranked: ordered }
}

/** One statement, so that all of it is of one moment. */
const rankingSql = (words: number, filters: string): string => `
  WITH hit AS (
    ${Array.from({ length: words }, () => 'SELECT rowid AS id, ? AS weight FROM message_words WHERE message_words MATCH ?').join(' UNION ALL ')}
  ), scored AS MATERIALIZED (
    SELECT id, sum(weight) AS own FROM hit GROUP BY id
  ), found AS MATERIALIZED (
    SELECT message.id, message.seq, 2 * scored.own + message.conversation AS own FROM scored CROSS JOIN message ON message.id = scored.id WHERE ${filters}
  ), best AS MATERIALIZED (
    SELECT id, seq, own FROM found ORDER BY own DESC, seq DESC LIMIT ?
  ), around AS MATERIALIZED (
    SELECT DISTINCT other.id, other.seq FROM (SELECT seq FROM best ORDER BY own DESC, seq DESC LIMIT ${giving}) AS middle
    CROSS JOIN message AS other ON other.agent = ? AND other.seq BETWEEN middle.seq - ${nearby} AND middle.seq + ${nearby} WHERE other.conversation = 1 AND other.seq < ?
  )
  SELECT 'best' AS kind, id, seq, own FROM best
  UNION ALL SELECT 'around', id, seq, 0 FROM around
  UNION ALL SELECT 'near', found.id, found.seq, found.own FROM found CROSS JOIN around ON around.id = found.id
  UNION ALL SELECT 'said', id, seq, own FROM found WHERE id IN (SELECT value FROM json_each(?))
  UNION ALL SELECT 'total', 0, 0, count(*) FROM found`
