import type { SeqRanges } from '../../protocol/seq-ranges.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { messageForm, searchedTextOf } from '../message-form.ts'
import { mergeRanges, numberTaken } from '../message-numbers.ts'
import type { MessageStore } from '../messages.ts'
import { numberOf, storedMessageOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { countMessages, messageCounts } from './kept-counts.ts'
import { searchMessages } from './message-search.ts'
import { momentOf } from './moment.ts'
import { termsOf } from './terms.ts'

const insertSql = `INSERT INTO message (agent, op, seq, turn, at, role, conversation, popped, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`
// CROSS: the ranges are the outer loop, so that each is a search in the index over (agent, seq).
const rangesSql = `SELECT message.body, message.popped FROM json_each(?) AS range CROSS JOIN message
  WHERE message.agent = ? AND message.seq BETWEEN range.value ->> 0 AND range.value ->> 1 ORDER BY message.seq`
const afterEachSql = `SELECT message.body, message.popped FROM json_each(?) AS mark CROSS JOIN message
  WHERE message.agent = mark.value ->> 0 AND message.seq > mark.value ->> 1 ORDER BY message.agent, message.seq LIMIT ?`
const holdingSql = `SELECT body, popped FROM message WHERE agent = ? AND op IN (SELECT value FROM json_each(?))
  UNION SELECT body, popped FROM message WHERE agent = ? AND seq BETWEEN ? AND ?`
const latestSql = 'SELECT seq FROM message WHERE agent = ? ORDER BY seq DESC LIMIT 1'
const popSql = `UPDATE message SET popped = 1
  WHERE agent = ? AND seq IN (SELECT message.seq FROM json_each(?) AS range CROSS JOIN message
    WHERE message.agent = ? AND message.seq BETWEEN range.value ->> 0 AND range.value ->> 1)`

/** The message and its words, in a transaction of the caller's. False: operation or sequence number are taken, and nothing is stored. */
export function insertMessage(database: EmbeddedDatabase, message: StoredMessage): boolean {
  const { agentId, op, seq, turn, role, popped, ...rest } = message
  const conversation = rest.eventId !== undefined || rest.reply !== undefined
  const [row] = database.rows(
    insertSql, agentId, op, seq, turn, momentOf('at', message.at), role, conversation ? 1 : 0, popped === true ? 1 : 0, JSON.stringify(messageForm(message)),
  )
  if (row === undefined) return false
  database.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', numberOf(row, 'id'), termsOf(agentId, searchedTextOf(message)))
  return true
}

export function embeddedMessages(database: EmbeddedDatabase): MessageStore {
  const byOp = (agentId: string, op: string): StoredMessage | undefined => {
    const row = database.row('SELECT body, popped FROM message WHERE agent = ? AND op = ?', agentId, op)
    return row && storedMessageOf(row)
  }
  const rangesParameter = (ranges: SeqRanges): string => JSON.stringify(mergeRanges(ranges))

  return {
    insert: async (message) => {
      if (database.transaction(() => insertMessage(database, message))) return message
      const earlier = byOp(message.agentId, message.op)
      if (earlier !== undefined) return earlier
      throw numberTaken(message)
    },
    insertTogether: async (messages) => database.transaction(() => messages.every((message) => insertMessage(database, message))),
    byOp: async (agentId, op) => byOp(agentId, op),
    // Without a range there is none that has a number above its end.
    holding: async (agentId, { ops, numbers: [from, to] = [1, 0] }) => database.rows(holdingSql, agentId, JSON.stringify(ops), agentId, from, to).map(storedMessageOf),
    ranges: async (agentId, ranges) => database.rows(rangesSql, rangesParameter(ranges), agentId).map(storedMessageOf),
    after: async (agentId, after, limit) =>
      database.rows('SELECT body, popped FROM message WHERE agent = ? AND seq > ? ORDER BY seq LIMIT ?', agentId, after, limit).map(storedMessageOf),
    afterEach: async (marks, limit) => database.rows(afterEachSql, JSON.stringify([...marks]), limit).map(storedMessageOf),
    search: async (agentId, query) => searchMessages(database, agentId, query),
    count: async (agentId) => countMessages(database, agentId),
    latestSeq: async (agentId) => {
      const row = database.row(latestSql, agentId)
      return row === undefined ? 0 : numberOf(row, 'seq')
    },
    counts: async (agentIds) => new Map(messageCounts(database, agentIds).map(({ agent, total }) => [agent, total])),
    markPopped: async (agentId, ranges) => {
      database.run(popSql, agentId, rangesParameter(ranges), agentId)
    },
  }
}
