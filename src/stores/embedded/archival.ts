import { setImmediate as afterOthers } from 'node:timers/promises'
import type { ArchivalStore, Passage } from '../archival.ts'
import { patient, type WhileBusy } from './busy.ts'
import { bodyOf, numberOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { assertVector, blobOf, claimSpace, type StoredSpace } from './embedding-space.ts'
import { eraseArchival } from './erase.ts'
import { countPassages } from './kept-counts.ts'
import { momentOf } from './moment.ts'
import { editPassage, passageUnder, supersedePassage } from './change-passage.ts'
import { embeddedExchanges } from './exchanges.ts'
import { indexPassage } from './index-passage.ts'
import { searchPassages } from './passage-search.ts'
import { sketchesIn } from './passage-sketches.ts'
import { embeddedReindexing } from './reindexing.ts'
import { inShortTransactions } from './short-transactions.ts'
import { termsOf } from './terms.ts'

const insertSql = ({ column, spare }: StoredSpace): string =>
  `INSERT INTO passage (agent, op, source, at, tags, ${column}, ${spare}, body) VALUES (?, ?, ?, ?, ?, ?, x'', ?) ON CONFLICT DO NOTHING RETURNING id`

/** Its words take longer to find than to store, so they are found before the file is held. */
interface Prepared {
  readonly passage: Passage
  readonly vector: readonly number[]
  readonly words: string
}

export function embeddedArchival(database: EmbeddedDatabase, whileBusy: WhileBusy, close: () => void): ArchivalStore {
  const sketches = sketchesIn(database)
  const insertInto = (space: StoredSpace) => ({ passage, vector, words }: Prepared): void => {
    assertVector(vector, space)
    const { agentId, op, source, tags } = passage
    sketches.inserting(agentId, () => {
      const [row] = database.rows(
        insertSql(space), agentId, op, JSON.stringify(source), momentOf('at', passage.at), JSON.stringify(tags), blobOf(vector), JSON.stringify(passage),
      )
      if (row !== undefined) indexPassage(database, numberOf(row, 'id'), words)
    })
  }
  const removeOne = (agentId: string, op: string): void => {
    database.run('DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passage WHERE agent = ? AND op = ?)', agentId, op)
    database.run('DELETE FROM passage WHERE agent = ? AND op = ?', agentId, op)
  }

  const passages: Omit<ArchivalStore, 'exchanges' | 'insert' | 'remove' | 'reindexing' | 'eraseAgent' | 'close'> = {
    search: async (agentId, query, space) => searchPassages(database, sketches.of, { agentId, query, space }),
    count: async (agentId) => countPassages(database, agentId),
    list: async (agentId, offset, limit, { source, superseded } = {}) =>
      database
        .rows(
          `SELECT body FROM passage WHERE agent = ? AND superseded <= ? ${source === undefined ? '' : 'AND source = ?'} ORDER BY id DESC LIMIT ? OFFSET ?`,
          agentId, superseded ? 1 : 0, ...(source === undefined ? [] : [JSON.stringify(source)]), limit, offset,
        )
        .map((row) => bodyOf(row) as Passage),
    get: async (agentId, op) => passageUnder(database, agentId, op),
    edit: async (edited, space) => database.transaction(() => editPassage(database, edited, space)),
    supersede: async (agentId, op, by) => database.transaction(() => supersedePassage(database, agentId, op, by)),
  }

  return {
    exchanges: embeddedExchanges(database, whileBusy),
    ...patient(passages, whileBusy),
    insert: async (given, space) => {
      const items: Prepared[] = []
      for (const { passage, vector } of given) {
        if (items.length > 0) await afterOthers()
        items.push({ passage, vector, words: termsOf(passage.agentId, passage.text) })
      }
      await inShortTransactions(database, whileBusy, { items, begin: () => insertInto(claimSpace(database, space)) })
    },
    remove: async (agentId, ops) => inShortTransactions(database, whileBusy, { items: ops, begin: () => (op) => removeOne(agentId, op) }),
    eraseAgent: (agentId) => eraseArchival(database, whileBusy, agentId),
    reindexing: (to) => embeddedReindexing(database, whileBusy, to),
    close: async () => close(),
  }
}
