import { isSameSpace } from '../embedding-space.ts'
import { inOrderOfStoring, type ExchangePart, type ExchangeStore } from '../exchanges.ts'
import { patient, type WhileBusy } from './busy.ts'
import { numberOf, textOf, totalOf } from './columns.ts'
import { assertVector, blobOf, storedSpace } from './embedding-space.ts'
import { exchangeSketchesIn } from './exchange-sketches.ts'
import { momentOf } from './moment.ts'
import { nearestExchanges } from './nearest-exchanges.ts'
import { inShortTransactions, untilNoneIsLeft } from './short-transactions.ts'
import type { EmbeddedDatabase } from './sql.ts'

/** Rows that go in one transaction: others wait for it. */
const droppedAtOnce = 500

const ofModel = 'model = ? AND dimensions = ?'
const ofSpace = `agent = ? AND ${ofModel}`
const insertSql = 'INSERT INTO exchange (agent, model, dimensions, first, part, last, at, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
const latestSql = `SELECT first, last FROM exchange WHERE ${ofSpace} AND part = 0 ORDER BY first DESC LIMIT 1`

export function embeddedExchanges(database: EmbeddedDatabase, whileBusy: WhileBusy): ExchangeStore {
  const held = exchangeSketchesIn(database)
  const reading: Pick<ExchangeStore, 'latest' | 'nearest' | 'isInForce' | 'others'> = {
    isInForce: async (space) => {
      const stored = storedSpace(database)
      if (stored !== undefined) return isSameSpace(stored, space)
      return database.row(`SELECT 1 FROM exchange WHERE ${ofModel} LIMIT 1`, space.model, space.dimensions) !== undefined || database.row('SELECT 1 FROM exchange LIMIT 1') === undefined
    },
    others: async ({ model, dimensions }) =>
      database
        .rows(`SELECT model, dimensions, count(*) AS total FROM exchange WHERE NOT (${ofModel}) GROUP BY model, dimensions ORDER BY model, dimensions`, model, dimensions)
        .map((row) => ({ model: textOf(row, 'model'), dimensions: numberOf(row, 'dimensions'), vectors: totalOf(row) })),
    latest: async (agentId, { model, dimensions }) => {
      const row = database.row(latestSql, agentId, model, dimensions)
      return row && { first: numberOf(row, 'first'), last: numberOf(row, 'last') }
    },
    nearest: async (agentId, query, space) => {
      assertVector(query.vector, space)
      return nearestExchanges(database, held, { agentId, query, space })
    },
  }
  return {
    ...patient(reading, whileBusy),
    insert: async (agentId, parts, space) => {
      for (const { vector } of parts) assertVector(vector, space)
      const insertOne = ({ first, part, last, at, vector }: ExchangePart): void => {
        database.run(insertSql, agentId, space.model, space.dimensions, first, part, last, momentOf('at', at), blobOf(vector))
      }
      await inShortTransactions(database, whileBusy, { items: inOrderOfStoring(parts), begin: () => insertOne })
    },
    keepOnly: async ({ model, dimensions }) => {
      let dropped = 0
      await untilNoneIsLeft(whileBusy, () => {
        const some = database.run(`DELETE FROM exchange WHERE id IN (SELECT id FROM exchange WHERE NOT (${ofModel}) LIMIT ${droppedAtOnce})`, model, dimensions)
        dropped += some
        return some
      })
      return dropped > 0
    },
  }
}
