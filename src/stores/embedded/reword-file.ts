import { setImmediate } from 'node:timers/promises'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { Passage } from '../archival.ts'
import { searchedTextOf } from '../message-form.ts'
import { storesSchema } from '../schema.ts'
import type { WhileBusy } from './busy.ts'
import { bodyOf, numberOf, storedMessageOf } from './columns.ts'
import { versionOf } from './schema.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'
import { termsOf } from './terms.ts'

/** Rows of one transaction, and for how many milliseconds it goes on with further ones: other processes wait for it, and so does what else this one has to do. */
const [rowsAtOnce, sliceMs] = [100, 20]

/**
 * Makes the words anew by which messages and passages are found, where an earlier version made them. Slice by slice, each with a note of
 * how far it came: broken off, it goes on at the next opening. Of several processes each does other slices. Until it is through, what was
 * not yet reached is found by its former words. Where a later version has brought the file further meanwhile, it makes them: what a word is may
 * have changed. Passages that a process of an earlier version has written into the file since then are made anew at the next opening.
 */
export async function rewordFile(database: EmbeddedDatabase, whileBusy: WhileBusy): Promise<void> {
  await rewordTable(database, whileBusy, 'message')
  await rewordTable(database, whileBusy, 'passage')
  await rewordUnstemmed(database, whileBusy)
}

const columns = { message: 'id, body, popped', passage: 'id, body' } as const

function termsOfRow(table: 'message' | 'passage', row: SqlRow): string {
  if (table === 'passage') {
    const { agentId, text } = bodyOf(row) as Passage
    return termsOf(agentId, text)
  }
  const message: StoredMessage = storedMessageOf(row)
  return termsOf(message.agentId, searchedTextOf(message))
}

function reword(database: EmbeddedDatabase, table: 'message' | 'passage', row: SqlRow): void {
  const id = numberOf(row, 'id')
  database.run(`DELETE FROM ${table}_words WHERE rowid = ?`, id)
  database.run(`INSERT INTO ${table}_words (rowid, words) VALUES (?, ?)`, id, termsOfRow(table, row))
}

/** Does something with the first rows, one at the least, and gives the last that it came to. */
function someOf(rows: readonly SqlRow[], work: (row: SqlRow) => void): SqlRow | undefined {
  const end = performance.now() + sliceMs
  for (const row of rows) {
    work(row)
    if (performance.now() >= end) return row
  }
  return rows.at(-1)
}

async function rewordTable(database: EmbeddedDatabase, whileBusy: WhileBusy, table: 'message' | 'passage'): Promise<void> {
  const slice = (): boolean => {
    const state = database.row('SELECT done, last FROM rewording WHERE of = ?', table)
    if (state === undefined) return true
    const last = numberOf(state, 'last')
    const rows = database.rows(`SELECT ${columns[table]} FROM ${table} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`, numberOf(state, 'done'), last, rowsAtOnce)
    const end = someOf(rows, (row) => reword(database, table, row))
    const through = end === undefined || numberOf(end, 'id') === last
    if (through) database.run('DELETE FROM rewording WHERE of = ?', table)
    else database.run('UPDATE rewording SET done = ? WHERE of = ?', numberOf(end, 'id'), table)
    return through
  }
  // Looked for without a lock first: almost always there is nothing to do.
  await inSlices(database, whileBusy, { left: () => database.row('SELECT 1 FROM rewording WHERE of = ?', table) !== undefined, slice })
}

/** One that is gone again leaves its note. */
async function rewordUnstemmed(database: EmbeddedDatabase, whileBusy: WhileBusy): Promise<void> {
  const slice = (): boolean => {
    const rows = database.rows('SELECT note.id, passage.id IS NULL AS gone, body FROM passage_unstemmed AS note LEFT JOIN passage ON passage.id = note.id ORDER BY note.id LIMIT ?', rowsAtOnce)
    someOf(rows, (row) => {
      if (numberOf(row, 'gone') === 0) reword(database, 'passage', row)
      database.run('DELETE FROM passage_unstemmed WHERE id = ?', numberOf(row, 'id'))
    })
    return rows.length === 0
  }
  await inSlices(database, whileBusy, { left: () => database.row('SELECT 1 FROM passage_unstemmed') !== undefined, slice })
}

/** @param work.slice says whether all is done */
async function inSlices(database: EmbeddedDatabase, whileBusy: WhileBusy, { left, slice }: { readonly left: () => boolean; readonly slice: () => boolean }): Promise<void> {
  while (left()) {
    if (await whileBusy(() => database.transaction(() => versionOf(database) !== storesSchema || slice()))) return
    await setImmediate()
  }
}
