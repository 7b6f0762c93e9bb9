import { countedUpTo, countOf } from '../counted.ts'
import type { MeantExchange } from '../exchanges.ts'
import { fuse, nearOf, type Meant } from '../fusion.ts'
import { momentsOf, raiseOf, type Moments } from '../relevance.ts'
import { meantOnce } from '../repeats.ts'
import type { FoundMessages, MeantQuery, MessageQuery } from '../messages.ts'
import { numberOf, storedMessageOf, totalOf } from './columns.ts'
import { allOf, type Condition, type EmbeddedDatabase, type SqlRow, where } from './sql.ts'
import { rangeOf, type RangeOfTime } from './dated-ids.ts'
import { countMessages } from './kept-counts.ts'
import { momentOf } from './moment.ts'
import { rankMessages, type Hit } from './message-ranking.ts'
import { readSayings } from './sayings.ts'
import { matchesOf, type Match } from './terms.ts'

/** Words by the index of words, everything else by columns. Only the messages of the page are read whole. */
export function searchMessages(database: EmbeddedDatabase, agentId: string, query: MeantQuery): FoundMessages {
  const filters = filtersOf(agentId, query)
  if (query.text === undefined) return searchAll(database, agentId, allOf(filters), query)
  const range = rangeOf(database, agentId, query)
  if (range?.all?.messages === 0) return { total: 0, messages: [] }
  const { meant = [] } = query.order === 'relevance' ? query : {}
  const named = momentsOf(query.named)
  const said = meant.length === 0 ? [] : saidIn(database, { meant, filters: allOf(filters), named })
  for (const matches of matchesOf(agentId, query.text)) {
    const found = searchWords(database, agentId, query, { matches, said, filters, range, named })
    if (found.total > 0) return found
  }
  return said.length === 0 ? { total: 0, messages: [] } : searchWords(database, agentId, query, { matches: [], said, filters, range, named })
}

/** None where no message has one of the words, whatever is meant. */
function searchWords(
  database: EmbeddedDatabase,
  agentId: string,
  query: MessageQuery,
  { matches, said, filters, range, named }: { readonly matches: readonly Match[]; readonly said: readonly Meant<Hit>[]; readonly filters: readonly Condition[]; readonly range: RangeOfTime | undefined; readonly named: readonly Moments[] },
): FoundMessages {
  if (query.order === 'newest') {
    const match = matches.flatMap(({ word, stem }) => [word, stem ?? word]).join(' OR ')
    const found = 'SELECT message.id, message.seq FROM message_words CROSS JOIN message ON message.id = message_words.rowid'
    const { sql, values } = allOf([...where('message_words MATCH ?', match), ...where('message_words.rowid >= ?', range?.all?.first), ...where('message_words.rowid <= ?', range?.last), ...filters])
    return newestOf(database, `${found} WHERE ${sql} ORDER BY message_words.rowid DESC`, values, query)
  }
  const end = query.offset + query.limit
  const sayings = readSayings(database)
  const { counted, ranked } = rankMessages(database, {
    agentId, matches, filters: allOf(filters), before: query.before, range, named, most: end + 1, countedTo: countedUpTo(query), said: said.map(({ hit }) => hit.id), sayings,
  })
  if (counted.total === 0 && matches.length > 0) return { total: 0, messages: [] }
  sayings.read(said.map(({ hit }) => hit))
  const { found, near } = fuse(ranked, meantOnce({ meant: said, ranked, sayingOfHit: (hit) => sayings.of(hit) }))
  const ids = found.slice(query.offset, end).map(({ id }) => id)
  return { ...counted, ...nearOf(near), messages: database.rows(pageSql, JSON.stringify(ids)).map(storedMessageOf) }
}

/** What was said in those exchanges, and passes the filters. */
function saidIn(
  database: EmbeddedDatabase,
  { meant, filters, named }: { readonly meant: readonly MeantExchange[]; readonly filters: Condition; readonly named: readonly Moments[] },
): readonly Meant<Hit>[] {
  const rows = database.rows(saidSql(filters.sql), JSON.stringify(meant.map(({ first, last, similarity }) => [first, last, similarity])), ...filters.values)
  return rows.map((row) => ({ hit: { id: numberOf(row, 'id'), seq: numberOf(row, 'seq'), raise: raiseOf(numberOf(row, 'at'), named) }, similarity: numberOf(row, 'similarity') }))
}

const saidSql = (filters: string): string => `SELECT message.id, message.seq, message.at, meant.value ->> 2 AS similarity FROM json_each(?) AS meant
  CROSS JOIN message ON message.seq BETWEEN meant.value ->> 0 AND meant.value ->> 1 WHERE message.conversation = 1 AND ${filters}`

const pageSql = 'SELECT message.body, message.popped FROM json_each(?) AS page CROSS JOIN message ON message.id = page.value ORDER BY page.key'

function searchAll(database: EmbeddedDatabase, agentId: string, filters: Condition, query: MessageQuery): FoundMessages {
  const dated = query.from !== undefined || query.to !== undefined
  // By the index over times, from the end of the range on: by numbers all that is newer than the range would be gone through, and what is in it sorted.
  const found = dated
    ? `SELECT id, seq FROM message INDEXED BY message_at WHERE ${filters.sql} ORDER BY at DESC, id DESC`
    : `SELECT id, seq FROM message WHERE ${filters.sql} ORDER BY seq DESC`
  const page = newestOf(database, found, filters.values, query)
  const whole = !dated && query.before === undefined && query.conversation !== true && query.roles === undefined
  return whole && page.atLeast === true ? { total: countMessages(database, agentId), messages: page.messages } : page
}

/**
 * The newest of those first that a statement finds in about that order, and how many they are, up to a bound: one pass. It returns a row even if
 * the page is empty.
 */
function newestOf(database: EmbeddedDatabase, found: string, values: Condition['values'], query: MessageQuery): FoundMessages {
  const most = countedUpTo(query)
  const rows = database.rows(
    `WITH found AS MATERIALIZED (${found} LIMIT ?), page AS MATERIALIZED (SELECT * FROM (SELECT * FROM found LIMIT ?) ORDER BY seq DESC LIMIT ? OFFSET ?)
    SELECT counted.total, message.body, message.popped FROM (SELECT count(*) AS total FROM found) AS counted
    LEFT JOIN page LEFT JOIN message ON message.id = page.id ORDER BY page.seq DESC`,
    ...values, most + 1, most, query.limit, query.offset,
  )
  return { ...countOf(totalOf(rows[0]), most), messages: rows.filter(isMessage).map(storedMessageOf) }
}

const isMessage = (row: SqlRow): boolean => row['body'] !== null

function filtersOf(agentId: string, query: MessageQuery): readonly Condition[] {
  return [
    ...where('message.agent = ?', agentId),
    ...where('message.at >= ?', query.from === undefined ? undefined : momentOf('from', query.from)),
    ...where('message.at < ?', query.to === undefined ? undefined : momentOf('to', query.to)),
    ...where('message.seq < ?', query.before),
    ...where('message.conversation = ?', query.conversation === true ? 1 : undefined),
    ...where('message.role IN (SELECT value FROM json_each(?))', query.roles === undefined ? undefined : JSON.stringify(query.roles)),
  ]
}
