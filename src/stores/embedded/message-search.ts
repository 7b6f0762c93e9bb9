import type { StoredMessage } from '../../protocol/messages.ts'
import type { MessageQuery } from '../stores.ts'
import { totalOf } from './columns.ts'
import { type Condition, allOf, where } from './condition.ts'
import type { EmbeddedDatabase } from './database.ts'
import { messageOf } from './message-row.ts'
import { momentOf } from './moment.ts'
import { matchOf } from './terms.ts'

export interface FoundMessages {
  readonly total: number
  readonly messages: readonly StoredMessage[]
}

/** Words by the index of words; the rest by columns. Both together look up each message that has a word. */
export function searchMessages(database: EmbeddedDatabase, agentId: string, query: MessageQuery): FoundMessages {
  const match = query.text === undefined ? undefined : matchOf(agentId, query.text)
  if (query.text !== undefined && match === undefined) return { total: 0, messages: [] }

  const filters = allOf([...where('message_words MATCH ?', match), ...filtersOf(agentId, query)])
  const table = match === undefined ? 'message' : 'message_words CROSS JOIN message ON message.id = message_words.rowid'
  const order = match !== undefined && query.order === 'relevance' ? 'message_words.rank, message.seq DESC' : 'message.seq DESC'

  const counted = database.row(`SELECT count(*) AS total FROM ${table} WHERE ${filters.sql}`, ...filters.values)
  const rows = database.rows(
    // The page is found by numbers alone; only its own messages are read whole.
    `SELECT body, popped FROM (SELECT message.id AS found, row_number() OVER (ORDER BY ${order}) AS place FROM ${table}
      WHERE ${filters.sql} ORDER BY place LIMIT ? OFFSET ?) CROSS JOIN message ON message.id = found ORDER BY place`,
    ...filters.values, query.limit, query.offset,
  )
  return { total: totalOf(counted), messages: rows.map(messageOf) }
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
