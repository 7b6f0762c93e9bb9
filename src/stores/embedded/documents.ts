import type { Chunk, StoredDocument } from '../../protocol/documents.ts'
import type { DocumentStore } from '../documents.ts'
import { bodyOf, bytesOf, numberOf, textOf, totalOf } from './columns.ts'
import { patient, type WhileBusy } from './busy.ts'
import { inShortTransactions, untilNoneIsLeft } from './short-transactions.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'

const insertSql = 'INSERT INTO document (agent, name, hash, load, status, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
const replaceSql = 'UPDATE document SET hash = ?, load = ?, status = ?, body = ? WHERE agent = ? AND name = ? AND load = ? AND status = ?'

// As the index `document_unfinished` has it.
const agentsSql = `SELECT agent FROM document WHERE status IN ('waiting', 'removing') AND body ->> '$.taskQueue' = ? AND body ->> '$.at' < ?
  GROUP BY agent ORDER BY min(body ->> '$.at') LIMIT ?`

/** How each is counted, and how many go at once: parts have some megabytes. From the end on, so that what is left is a beginning. */
const dropped = { document_part: { place: 'part', atOnce: 1 }, document_chunk: { place: 'place', atOnce: 200 } }

const putChunkSql = `INSERT INTO document_chunk (agent, hash, place, page, line, body) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (agent, hash, place) DO UPDATE SET page = excluded.page, line = excluded.line, body = excluded.body`

export function embeddedDocuments(database: EmbeddedDatabase, whileBusy: WhileBusy): DocumentStore {
  const documentOf = (row: SqlRow): StoredDocument => bodyOf(row) as StoredDocument
  const drop = (table: keyof typeof dropped, agentId: string, hash: string, from: number): Promise<void> => {
    const { place, atOnce } = dropped[table]
    const some = `SELECT rowid FROM ${table} WHERE agent = ? AND hash = ? AND ${place} >= ? ORDER BY ${place} DESC LIMIT ${atOnce}`
    return untilNoneIsLeft(whileBusy, () => database.run(`DELETE FROM ${table} WHERE rowid IN (${some})`, agentId, hash, from))
  }
  const short: Omit<DocumentStore, 'putChunks' | 'dropContent' | 'dropChunks'> = {
    put: async (document, before) => {
      const { agentId, name, hash, set, status } = document
      const body = JSON.stringify(document)
      const changed =
        before === undefined
          ? database.run(insertSql, agentId, name, hash, set, status, body)
          : database.run(replaceSql, hash, set, status, body, agentId, name, before.set, before.status)
      return changed > 0
    },
    get: async (agentId, name) => {
      const row = database.row('SELECT body FROM document WHERE agent = ? AND name = ?', agentId, name)
      return row && documentOf(row)
    },
    remove: async ({ agentId, name, set, status }) => {
      database.run('DELETE FROM document WHERE agent = ? AND name = ? AND load = ? AND status = ?', agentId, name, set, status)
    },
    list: async (agentId, { offset, limit }) => ({
      total: totalOf(database.row('SELECT count(*) AS total FROM document WHERE agent = ?', agentId)),
      documents: database.rows('SELECT body FROM document WHERE agent = ? ORDER BY name LIMIT ? OFFSET ?', agentId, limit, offset).map(documentOf),
    }),
    count: async (agentId) => totalOf(database.row(`SELECT count(*) AS total FROM document WHERE agent = ? AND status = 'loaded'`, agentId)),
    pending: async (agentId, limit) =>
      database.rows(`SELECT body FROM document WHERE agent = ? AND status IN ('waiting', 'removing') ORDER BY name LIMIT ?`, agentId, limit).map(documentOf),
    countPending: async (agentId, set) =>
      totalOf(database.row(`SELECT count(*) AS total FROM document WHERE agent = ? AND load = ? AND status IN ('waiting', 'removing')`, agentId, set)),
    agentsWithUnfinished: async ({ taskQueue, before, limit }) => database.rows(agentsSql, taskQueue, before, limit).map((row) => textOf(row, 'agent')),
    ofSet: async (agentId, set) => database.rows('SELECT body FROM document WHERE agent = ? AND load = ? ORDER BY name', agentId, set).map(documentOf),
    isUsed: async (agentId, hash, besides = '') =>
      database.row(
        `SELECT 1 FROM document WHERE agent = ? AND name <> ? AND status <> 'failed' AND (hash = ? OR EXISTS (SELECT 1 FROM json_each(body, '$.earlier') WHERE value = ?)) LIMIT 1`,
        agentId, besides, hash, hash,
      ) !== undefined,

    putContent: async (agentId, hash, part, bytes) => {
      database.run('INSERT INTO document_part (agent, hash, part, content) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', agentId, hash, part, bytes)
    },
    contentPart: async (agentId, hash, part) => {
      const row = database.row('SELECT content FROM document_part WHERE agent = ? AND hash = ? AND part = ?', agentId, hash, part)
      return row && bytesOf(row, 'content')
    },
    chunks: async (agentId, hash, from, to) =>
      database
        .rows('SELECT body FROM document_chunk WHERE agent = ? AND hash = ? AND place >= ? AND place < ? ORDER BY place', agentId, hash, from, to)
        .map((row) => bodyOf(row) as Chunk),
    countChunks: async (agentId, hash) => totalOf(database.row('SELECT count(*) AS total FROM document_chunk WHERE agent = ? AND hash = ?', agentId, hash)),
    placeOf: async (agentId, hash, where) => {
      const [column, value] = 'page' in where ? ['page', where.page] : ['line', where.line]
      const row = database.row(`SELECT place FROM document_chunk WHERE agent = ? AND hash = ? AND ${column} >= ? ORDER BY place LIMIT 1`, agentId, hash, value)
      return row && numberOf(row, 'place')
    },
  }
  return {
    ...patient(short, whileBusy),
    dropContent: (agentId, hash) => drop('document_part', agentId, hash, 0),
    putChunks: (agentId, hash, first, chunks) =>
      inShortTransactions(database, whileBusy, {
        items: chunks,
        begin: () => (chunk, index) => {
          database.run(putChunkSql, agentId, hash, first + index, chunk.page ?? null, chunk.lines?.[1] ?? null, JSON.stringify(chunk))
        },
      }),
    dropChunks: (agentId, hash, from) => drop('document_chunk', agentId, hash, from),
  }
}
