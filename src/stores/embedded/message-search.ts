import type { StoredMessage } from '../../protocol/messages.ts'
import { fuse, type Meant } from '../fusion.ts'
import type { MeantExchange } from '../exchanges.ts'
import type { MeantQuery, MessageQuery } from '../stores.ts'
import { numberOf, storedMessageOf, totalOf } from './columns.ts'
import { allOf, type Condition, type EmbeddedDatabase, where } from './sql.ts'
import { momentOf } from './moment.ts'
import { rankMessages, type Hit } from './message-ranking.ts'
import { matchesOf } from './terms.ts'

export interface FoundMessages {
  readonly total: number
  readonly messages: readonly StoredMessage[]
}

/** Words by the index of words, everything else by columns. Only the messages of the page are read whole. */
export function searchMessages(database: EmbeddedDatabase, agentId: string, query: MeantQuery): FoundMessages {
  const filters = filtersOf(agentId, query)
  if (query.text === undefined) return searchAll(database, allOf(filters), query)
  const { meant = [] } = query.order === 'relevance' ? query : {}
  for (const matches of matchesOf(agentId, query.text)) {
    const found = searchWords(database, agentId, query, { matches, meant, filters })
    if (found.total > 0) return found
  }
  return meant.length === 0 ? { total: 0, messages: [] } : searchWords(database, agentId, query, { matches: [], meant, filters })
}

type Matches = ReturnType<typeof matchesOf>[number]

/** None where no message has one of the words, whatever is meant. */
function searchWords(
  database: EmbeddedDatabase,
  agentId: string,
  query: MessageQuery,
  { matches, meant, filters }: { readonly matches: Matches; readonly meant: readonly MeantExchange[]; readonly filters: readonly Condition[] },
): FoundMessages {
  if (query.order === 'newest') return searchNewest(database, allOf([...where('message_words MATCH ?', matches.flatMap(({ word, stem }) => [word, stem ?? word]).join(' OR ')), ...filters]), query)
  const end = query.offset + query.limit
  const said = meant.length === 0 ? [] : saidIn(database, meant, allOf(filters))
  const { total, worded, ranked } = rankMessages(database, { agentId, matches, filters: allOf(filters), before: query.before, most: end, said: said.map(({ hit }) => hit.id) })
  if (total === 0 && matches.length > 0) return { total, messages: [] }
  const ids = fuse(ranked, said).slice(query.offset, end).map(({ id }) => id)
  return { total: total + said.length - worded, messages: database.rows(pageSql, JSON.stringify(ids)).map(storedMessageOf) }
}

/** What was said in those exchanges, and passes the filters. */
function saidIn(database: EmbeddedDatabase, meant: readonly MeantExchange[], filters: Condition): readonly Meant<Hit>[] {
  const rows = database.rows(saidSql(filters.sql), JSON.stringify(meant.map(({ first, last, similarity }) => [first, last, similarity])), ...filters.values)
  return rows.map((row) => ({ hit: { id: numberOf(row, 'id'), seq: numberOf(row, 'seq') }, similarity: numberOf(row, 'similarity') }))
}

const saidSql = (filters: string): string => `SELECT message.id, message.seq, meant.value ->> 2 AS similarity FROM json_each(?) AS meant
  CROSS JOIN message ON message.seq BETWEEN meant.value ->> 0 AND meant.value ->> 1 WHERE message.conversation = 1 AND ${filters}`

const pageSql = 'SELECT message.body, message.popped FROM json_each(?) AS page CROSS JOIN message ON message.id = page.value ORDER BY page.key'

function searchAll(database: EmbeddedDatabase, filters: Condition, { limit, offset }: MessageQuery): FoundMessages {
  const page = `SELECT body, popped FROM message WHERE ${filters.sql} ORDER BY seq DESC LIMIT ? OFFSET ?`
  return {
    total: totalOf(database.row(`SELECT count(*) AS total FROM message WHERE ${filters.sql}`, ...filters.values)),
    messages: database.rows(page, ...filters.values, limit, offset).map(storedMessageOf),
  }
}

/** One pass over the matches gives both the total and the page. It returns a row even if the page is empty. */
function searchNewest(database: EmbeddedDatabase, filters: Condition, { limit, offset }: MessageQuery): FoundMessages {
  const rows = database.rows(
    `WITH found AS MATERIALIZED (
      SELECT message.id, message.seq FROM message_words CROSS JOIN message ON message.id = message_words.rowid WHERE ${filters.sql}
    ), page AS MATERIALIZED (SELECT * FROM found ORDER BY seq DESC LIMIT ? OFFSET ?)
    SELECT counted.total, message.body, message.popped FROM (SELECT count(*) AS total FROM found) AS counted
    LEFT JOIN page LEFT JOIN message ON message.id = page.id ORDER BY page.seq DESC`,
    ...filters.values, limit, offset,
  )
  return { total: totalOf(rows[0]), messages: rows.filter((row) => row['body'] !== null).map(storedMessageOf) }
}

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
