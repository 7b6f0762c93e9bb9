import { setImmediate } from 'node:timers/promises'
import type { StoredMessage } from '../../protocol/messages.ts'
import type { Passage } from '../archival.ts'
import { searchedTextOf } from '../message-form.ts'
import { storesSchema } from '../schema.ts'
import type { WhileBusy } from './busy.ts'
import { bodyOf, numberOf, storedMessageOf } from './columns.ts'
import { versionOf } from './schema.ts'
import type { EmbeddedDatabase, SqlRow } from './sql.ts'
import { messageTermsOf, termsOf } from './terms.ts'

/** Rows of one transaction: other processes wait for it. */
const rowsAtOnce = 200

/**
 * Makes the words anew by which messages and passages are found, where an earlier version made them. Slice by slice, each with a note of
 * how far it came: broken off, it goes on at the next opening. Of several processes each does other slices. Until it is through, what was
 * not yet reached is found by its former words. Where a later version has brought the file further meanwhile, it makes them: what a word is may
 * have changed.
 */
export async function rewordFile(database: EmbeddedDatabase, whileBusy: WhileBusy): Promise<void> {
  await rewordTable(database, whileBusy, 'message', (row) => {
    const message: StoredMessage = storedMessageOf(row)
    return messageTermsOf(message.agentId, searchedTextOf(message))
  })
  await rewordTable(database, whileBusy, 'passage', (row) => {
    const passage = bodyOf(row) as Passage
    return termsOf(passage.agentId, passage.text)
  })
}

async function rewordTable(database: EmbeddedDatabase, whileBusy: WhileBusy, table: 'message' | 'passage', terms: (row: SqlRow) => string): Promise<void> {
  const popped = table === 'message' ? ', popped' : ''
  const slice = (): boolean => {
    if (versionOf(database) !== storesSchema) return true
    const state = database.row('SELECT done, last FROM rewording WHERE of = ?', table)
    if (state === undefined) return true
    const last = numberOf(state, 'last')
    const rows = database.rows(`SELECT id, body${popped} FROM ${table} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`, numberOf(state, 'done'), last, rowsAtOnce)
    for (const row of rows) {
      database.run(`DELETE FROM ${table}_words WHERE rowid = ?`, numberOf(row, 'id'))
      database.run(`INSERT INTO ${table}_words (rowid, words) VALUES (?, ?)`, numberOf(row, 'id'), terms(row))
    }
    const end = rows.at(-1)
    if (end === undefined || numberOf(end, 'id') === last) database.run('DELETE FROM rewording WHERE of = ?', table)
    else database.run('UPDATE rewording SET done = ? WHERE of = ?', numberOf(end, 'id'), table)
    return end === undefined || numberOf(end, 'id') === last
  }
  for (;;) {
    // Looked for without a lock first: almost always there is nothing to do.
    if (database.row('SELECT 1 FROM rewording WHERE of = ?', table) === undefined) return
    if (await whileBusy(() => database.transaction(slice))) return
    await setImmediate()
  }
}
