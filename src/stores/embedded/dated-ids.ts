import type { Moments } from '../relevance.ts'
import type { MessageQuery } from '../messages.ts'
import { numberOf, totalOf } from './columns.ts'
import { momentOf } from './moment.ts'
import type { EmbeddedDatabase } from './sql.ts'

/** So many messages of a range of time are looked through for their ids. */
const most = 50_000

const rangeSql = `SELECT count(*) AS total, min(id) AS first, max(id) AS last FROM (
  SELECT id FROM message INDEXED BY message_at WHERE agent = ? AND at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ${most + 1})`

/** The ids among which the messages of a range of time are. */
export interface DatedIds {
  readonly first: number
  readonly last: number
  readonly messages: number
}

export interface RangeOfTime {
  /** The ids of all its messages: undefined where the range has more than are worth to be looked through. */
  readonly all?: DatedIds
  /** The last id of the newest of its messages. */
  readonly last: number
}

/** Undefined where a query names no time. */
export function rangeOf(database: EmbeddedDatabase, agentId: string, { from, to }: MessageQuery): RangeOfTime | undefined {
  if (from === undefined && to === undefined) return undefined
  const row = database.row(rangeSql, agentId, from === undefined ? Number.MIN_SAFE_INTEGER : momentOf('from', from), to === undefined ? Number.MAX_SAFE_INTEGER : momentOf('to', to)) ?? {}
  const messages = totalOf(row)
  if (messages === 0) return { all: { first: 1, last: 0, messages }, last: 0 }
  const last = numberOf(row, 'last')
  return messages > most ? { last } : { all: { first: numberOf(row, 'first'), last, messages }, last }
}

/** Messages from the one that is first by time to the one that is last: so far as numbers follow times, those of a span of time. */
export interface SpanOfIds {
  readonly first: number
  readonly last: number
  /** The sequence number of the last one. */
  readonly lastSeq: number
}

const endSql = (direction: 'ASC' | 'DESC'): string =>
  `SELECT id, seq FROM message INDEXED BY message_at WHERE agent = ? AND at >= ? AND at < ? ORDER BY at ${direction}, id ${direction} LIMIT 1`

/** Two looks at the index over times, however long the span is. Undefined where it has no message. */
export function spanOf(database: EmbeddedDatabase, agentId: string, { from, to }: Moments): SpanOfIds | undefined {
  const first = database.row(endSql('ASC'), agentId, from, to)
  const last = database.row(endSql('DESC'), agentId, from, to)
  return first && last && { first: numberOf(first, 'id'), last: numberOf(last, 'id'), lastSeq: numberOf(last, 'seq') }
}
