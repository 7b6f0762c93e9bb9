import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Libsql from 'libsql'
import { PerdureError, messageOf } from '../../protocol/errors.ts'
import { isBusy, whileBusyOf } from './busy.ts'
import { keepPrivate } from './file-mode.ts'
import { addLaterIndexes } from './later-indexes.ts'
import { prepareSchema } from './schema.ts'
import type { EmbeddedDatabase, SqlRow, SqlValue } from './sql.ts'

const settings = [
  'PRAGMA busy_timeout = 0', // who holds the file is waited for outside, with the event loop free
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL', // a commit that returned survives a power cut
  'PRAGMA cache_size = -32768', // KiB, as negative numbers mean
  'PRAGMA temp_store = MEMORY',
  'PRAGMA secure_delete = ON', // words are also in pages that an index has left before its agent is erased
]

/** Another process may be bringing a large file up to date. */
const openingPatienceMs = 60_000

/**
 * Opens the file, and makes it and its folder where they are missing, for nobody but their owner. One of an earlier version is brought up
 * to date. Waits a minute for other processes that hold it.
 * @param prepare what is to be done with it first; default: its schema is brought up to date, and its indexes
 * @throws PerdureError `file-unreadable`, `schema-newer`, `server-unavailable`
 */
export function openDatabase(file: string, prepare: (database: EmbeddedDatabase, file: string) => unknown = prepareFile): Promise<EmbeddedDatabase> {
  return whileBusyOf(file, openingPatienceMs)(() => openNow(file, prepare))
}

function prepareFile(database: EmbeddedDatabase, file: string): void {
  prepareSchema(database, file)
  addLaterIndexes(database)
}

function openNow(file: string, prepare: (database: EmbeddedDatabase, file: string) => unknown): EmbeddedDatabase {
  let connection: Libsql.Database | undefined
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    keepPrivate(file)
    connection = new Libsql(file)
    for (const setting of settings) connection.exec(setting)
    const database = databaseOf(connection, file)
    prepare(database, file)
    return database
  } catch (error) {
    connection?.close()
    if (PerdureError.isInstance(error) || isBusy(error)) throw error
    throw new PerdureError('file-unreadable', `the memory file ${file} cannot be opened: ${messageOf(error)}`, { cause: error })
  }
}

function databaseOf(connection: Libsql.Database, file: string): EmbeddedDatabase {
  const statements = new Map<string, Libsql.Statement>()

  const assertOpen = (): void => {
    if (!connection.open) throw new Error(`the memory file ${file} is closed`)
  }
  const prepared = (sql: string): Libsql.Statement => {
    // A statement that was prepared before would still run on a closed connection.
    assertOpen()
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const rows = (sql: string, ...values: readonly SqlValue[]): readonly SqlRow[] => namingAFullDisk(file, () => prepared(sql).all(values) as SqlRow[])

  const transaction = <Result>(action: () => Result): Result => {
    assertOpen()
    connection.exec('BEGIN IMMEDIATE')
    try {
      const result = action()
      namingAFullDisk(file, () => connection.exec('COMMIT'))
      return result
    } catch (error) {
      // A full disk, for one, has already rolled back.
      if (connection.inTransaction) connection.exec('ROLLBACK')
      throw error
    }
  }
  const change = (sql: string, values: readonly SqlValue[]): number => namingAFullDisk(file, () => prepared(sql).run(values).changes)

  return {
    rows,
    row: (sql, ...values) => rows(sql, ...values)[0],
    // The lock is taken first: a statement that met another's lock itself would stay open in the driver, and no transaction could end.
    run: (sql, ...values) => (connection.open && connection.inTransaction ? change(sql, values) : transaction(() => change(sql, values))),
    transaction,
    close: () => {
      statements.clear()
      if (connection.open) connection.close()
    },
  }
}

/** @throws PerdureError `store-full`: nothing of what was being written is there */
function namingAFullDisk<Result>(file: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_FULL')) throw error
    throw new PerdureError('store-full', `there is no room on the disk of the memory file ${file}; nothing of this was stored. It can be asked again when there is`, { cause: error })
  }
}
