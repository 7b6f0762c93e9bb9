import { isSameSpace, type EmbeddingSpace, type Passage, type Reindexing } from '../archival.ts'
import type { WhileBusy } from './busy.ts'
import { bodyOf, numberOf, textOf, totalOf } from './columns.ts'
import { untilNoneIsLeft } from './short-transactions.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'
import { assertVector, blobOf, otherChange, storedSpace, type StoredSpace } from './embedding-space.ts'

/** Rows whose former vector goes in one transaction: others wait for it. */
const droppedAtOnce = 500

/**
 * New vectors go into the column that is not in force; a switch is one row that says which is. So each passage is one row all the
 * time: who removes it removes both vectors, and who inserts one leaves the spare one empty. What is without a vector in force right
 * after a switch is found by its words meanwhile; so is for good what the model refuses.
 */
export function embeddedReindexing(database: EmbeddedDatabase, whileBusy: WhileBusy, to: EmbeddingSpace): Reindexing {
  const isDone = (stored: StoredSpace): boolean => isSameSpace(stored, to)
  /** The column of the new vectors; undefined where there is none for them: all erased meanwhile, or a change to another model. */
  const columnNow = (stored: StoredSpace | undefined): string | undefined => {
    if (stored === undefined) return undefined
    if (isDone(stored)) return stored.column
    const next = database.row('SELECT model, dimensions FROM next_embedding_space')
    return next && isSameSpace({ model: textOf(next, 'model'), dimensions: numberOf(next, 'dimensions') }, to) ? stored.spare : undefined
  }
  const countOf = (condition: string): number => totalOf(database.row(`SELECT count(*) AS total FROM passage WHERE ${condition}`))

  const keep = (rows: readonly SqlRow[], vectors: readonly (readonly number[] | undefined)[]): number =>
    database.transaction(() => {
      const column = columnNow(storedSpace(database))
      if (column === undefined) return 0
      // An id of a row that is gone may be given to a new one: so the body decides.
      const sql = `UPDATE passage SET ${column} = ? WHERE id = ? AND body = ? AND length(${column}) = 0`
      let kept = 0
      for (const [index, row] of rows.entries()) {
        const vector = vectors[index]
        if (vector !== undefined) kept += database.run(sql, blobOf(vector), numberOf(row, 'id'), textOf(row, 'body'))
      }
      return kept
    })

  /** Empties the column that is not in force, in short transactions. */
  const clearSpare = async (): Promise<void> => {
    const clearSome = (): number =>
      database.transaction(() => {
        const stored = storedSpace(database)
        if (stored === undefined || database.row('SELECT 1 FROM next_embedding_space') !== undefined) return 0
        const { spare } = stored
        return database.run(`UPDATE passage SET ${spare} = x'' WHERE id IN (SELECT id FROM passage WHERE length(${spare}) > 0 LIMIT ${droppedAtOnce})`)
      })
    await untilNoneIsLeft(whileBusy, clearSome)
  }
  /** Forgets what another change, or this one, was about to do; false where there is nothing stored, or `wanted` says no. */
  const forgetNextWhere = (wanted: (stored: StoredSpace) => boolean): Promise<boolean> =>
    whileBusy(() => {
      const stored = storedSpace(database)
      if (stored === undefined || !wanted(stored)) return false
      database.run('DELETE FROM next_embedding_space')
      return true
    })

  return {
    survey: () =>
      whileBusy(() => {
        const stored = storedSpace(database)
        const counted = database.rows('SELECT agent, count(*) AS total FROM passage GROUP BY agent ORDER BY agent')
        const column = columnNow(stored)
        return {
          stored: stored && { model: stored.model, dimensions: stored.dimensions },
          passages: new Map(counted.map((row) => [textOf(row, 'agent'), totalOf(row)])),
          unembedded: countOf(column === undefined ? 'true' : `length(${column}) = 0`),
          leftovers: stored !== undefined && countOf(`length(${stored.spare}) > 0`) > 0,
        }
      }),
    prepare: async () => {
      if (!(await forgetNextWhere((stored) => columnNow(stored) === undefined))) return
      await clearSpare()
      const record = 'INSERT INTO next_embedding_space (one, model, dimensions) VALUES (1, ?, ?) ON CONFLICT DO NOTHING'
      await whileBusy(() => database.run(record, to.model, to.dimensions))
    },
    async *unembedded(batch) {
      let after = 0
      // Passages that are inserted meanwhile are left to the next pass. Otherwise this pass would not end before the inserts do.
      const [end] = await whileBusy(() => database.rows('SELECT ifnull(max(id), 0) AS total FROM passage'))
      for (;;) {
        const rows = await whileBusy(() => {
          const column = columnNow(storedSpace(database))
          if (column === undefined) return []
          return database.rows(`SELECT id, body FROM passage WHERE id > ? AND id <= ? AND length(${column}) = 0 ORDER BY id LIMIT ?`, after, totalOf(end), batch)
        })
        const last = rows.at(-1)
        if (last === undefined) return
        after = numberOf(last, 'id')
        yield {
          passages: rows.map((row) => bodyOf(row) as Passage),
          keep: async (vectors) => {
            for (const vector of vectors) if (vector !== undefined) assertVector(vector, to)
            return whileBusy(() => keep(rows, vectors))
          },
        }
      }
    },
    switchOver: () =>
      whileBusy(() =>
        database.transaction(() => {
          const stored = storedSpace(database)
          if (stored === undefined || isDone(stored)) return
          if (columnNow(stored) === undefined) throw otherChange(to)
          database.run('UPDATE embedding_space SET model = ?, dimensions = ?, slot = 1 - slot', to.model, to.dimensions)
          database.run('DELETE FROM next_embedding_space')
        }),
      ),
    dropFormer: async () => {
      if (await forgetNextWhere(isDone)) await clearSpare()
    },
  }
}
