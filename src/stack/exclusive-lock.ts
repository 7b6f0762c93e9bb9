import Database from 'libsql'
import { messageOf, PerdureError } from '../protocol/errors.ts'

/**
 * Takes a lock between processes. The operating system frees it when its holder dies, however that happens. It is SQLite's lock on a
 * database file of its own, because Node has no file locks, and a file that names its holder can't be taken over without a race. Returns
 * the function that gives the lock back; undefined while another process holds it.
 * @throws PerdureError `config-invalid` where the file can't be locked at all: it is no database, or its file system has no locks
 */
export function tryLock(file: string): (() => void) | undefined {
  const database = new Database(file)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (String((error as { readonly code?: unknown }).code).startsWith('SQLITE_BUSY')) return undefined
    throw new PerdureError('config-invalid', `${file} can't be locked: ${messageOf(error)}; remove it, or name another folder by PERDURE_HOME`, { cause: error })
  }
  return () => {
    database.exec('ROLLBACK')
    database.close()
  }
}
