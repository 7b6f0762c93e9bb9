import type { ArchivalStore, Passage } from '../archival.ts'
import { patient, type WhileBusy } from './busy.ts'
import { bodyOf, numberOf, totalOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { assertVector, claimSpace, type StoredSpace } from './embedding-space.ts'
import { emptyLog, erasing } from './erase.ts'
import { momentOf } from './moment.ts'
import { editPassage, passageUnder, supersedePassage } from './change-passage.ts'
import { searchPassages } from './passage-search.ts'
import { embeddedReindexing } from './reindexing.ts'
import { termsOf } from './terms.ts'
import { blobOf } from './vector.ts'

const insertSql = ({ column, spare }: StoredSpace): string =>
  `INSERT INTO passage (agent, op, source, at, tags, ${column}, ${spare}, body) VALUES (?, ?, ?, ?, ?, ?, x'', ?) ON CONFLICT DO NOTHING RETURNING id`

export function embeddedArchival(database: EmbeddedDatabase, whileBusy: WhileBusy, close: () => void): ArchivalStore {
  const insert = (passage: Passage, vector: readonly number[], space: StoredSpace): void => {
    assertVector(vector, space)
    const { agentId, op, source, tags } = passage
    const [row] = database.rows(
      insertSql(space), agentId, op, JSON.stringify(source), momentOf('at', passage.at), JSON.stringify(tags), blobOf(vector), JSON.stringify(passage),
    )
    if (row === undefined) return
    database.run('INSERT INTO passage_words (rowid, words) VALUES (?, ?)', numberOf(row, 'id'), termsOf(agentId, passage.text))
  }

  const passages: Omit<ArchivalStore, 'reindexing' | 'eraseAgent' | 'close'> = {
    insert: async (given, space) => {
      if (given.length === 0) return
      database.transaction(() => {
        const stored = claimSpace(database, space)
        for (const { passage, vector } of given) insert(passage, vector, stored)
      })
    },
    search: async (agentId, query, space) => searchPassages(database, agentId, query, space),
    count: async (agentId) => totalOf(database.row('SELECT count(*) AS total FROM passage WHERE agent = ? AND superseded = 0', agentId)),
    list: async (agentId, offset, limit, { superseded } = {}) =>
      database
        .rows('SELECT body FROM passage WHERE agent = ? AND superseded <= ? ORDER BY id DESC LIMIT ? OFFSET ?', agentId, superseded ? 1 : 0, limit, offset)
        .map((row) => bodyOf(row) as Passage),
    get: async (agentId, op) => passageUnder(database, agentId, op),
    edit: async (edited, space) => database.transaction(() => editPassage(database, edited, space)),
    supersede: async (agentId, op, by) => database.transaction(() => supersedePassage(database, agentId, op, by)),
    remove: async (agentId, ops) => {
      database.transaction(() => {
        for (const op of ops) {
          database.run('DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passage WHERE agent = ? AND op = ?)', agentId, op)
          database.run('DELETE FROM passage WHERE agent = ? AND op = ?', agentId, op)
        }
      })
    },
  }
  const erase = (agentId: string): void =>
    erasing(database, ['passage_words'], () => {
      database.run('DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passage WHERE agent = ?)', agentId)
      database.run('DELETE FROM passage WHERE agent = ?', agentId)
      // With the last vector goes what bound the file to its model.
      database.run('DELETE FROM embedding_space WHERE NOT EXISTS (SELECT 1 FROM passage)')
    })

  return {
    ...patient(passages, whileBusy),
    eraseAgent: async (agentId) => {
      await whileBusy(() => erase(agentId))
      await emptyLog(database)
    },
    reindexing: (to) => embeddedReindexing(database, whileBusy, to),
    close: async () => close(),
  }
}
