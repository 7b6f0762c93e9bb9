import type { ExchangePart, ExchangeStore } from '../exchanges.ts'
import { patient, type WhileBusy } from './busy.ts'
import { numberOf } from './columns.ts'
import { assertVector, blobOf } from './embedding-space.ts'
import { momentOf } from './moment.ts'
import { inShortTransactions, untilNoneIsLeft } from './short-transactions.ts'
import { allOf, type EmbeddedDatabase, where } from './sql.ts'

/** Rows that go in one transaction: others wait for it. */
const droppedAtOnce = 500

const ofSpace = 'agent = ? AND model = ? AND dimensions = ?'
const insertSql = 'INSERT INTO exchange (agent, model, dimensions, first, part, last, at, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
const latestSql = `SELECT first, last FROM exchange WHERE ${ofSpace} ORDER BY first DESC LIMIT 1`

export function embeddedExchanges(database: EmbeddedDatabase, whileBusy: WhileBusy): ExchangeStore {
  const reading: Pick<ExchangeStore, 'latest' | 'nearest'> = {
    latest: async (agentId, { model, dimensions }) => {
      const row = database.row(latestSql, agentId, model, dimensions)
      return row && { first: numberOf(row, 'first'), last: numberOf(row, 'last') }
    },
    nearest: async (agentId, { vector, limit, before, from, to }, space) => {
      assertVector(vector, space)
      const filters = allOf([
        { sql: ofSpace, values: [agentId, space.model, space.dimensions] },
        ...where('first < ?', before),
        ...where('at >= ?', from === undefined ? undefined : momentOf('from', from)),
        ...where('at < ?', to === undefined ? undefined : momentOf('to', to)),
      ])
      // A vector of zeros has no direction: it is near to nothing.
      const sql = `SELECT first, max(last) AS last, min(ifnull(vector_distance_cos(vector, ?), 2)) AS distance FROM exchange WHERE ${filters.sql}
        GROUP BY first ORDER BY distance, first DESC LIMIT ?`
      return database.rows(sql, blobOf(vector), ...filters.values, limit).map((row) => ({ first: numberOf(row, 'first'), last: numberOf(row, 'last'), similarity: 1 - numberOf(row, 'distance') }))
    },
  }
  return {
    ...patient(reading, whileBusy),
    insert: async (agentId, parts, space) => {
      for (const { vector } of parts) assertVector(vector, space)
      const insertOne = ({ first, part, last, at, vector }: ExchangePart): void => {
        database.run(insertSql, agentId, space.model, space.dimensions, first, part, last, momentOf('at', at), blobOf(vector))
      }
      await inShortTransactions(database, whileBusy, { items: parts, begin: () => insertOne })
    },
    keepOnly: async ({ model, dimensions }) => {
      let dropped = 0
      await untilNoneIsLeft(whileBusy, () => {
        const some = database.run(`DELETE FROM exchange WHERE id IN (SELECT id FROM exchange WHERE NOT (model = ? AND dimensions = ?) LIMIT ${droppedAtOnce})`, model, dimensions)
        dropped += some
        return some
      })
      return dropped > 0
    },
  }
}
