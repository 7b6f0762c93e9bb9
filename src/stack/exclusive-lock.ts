import Database from 'libsql'

/**
 * Takes a lock between processes. The operating system frees it when its holder dies, however that happens. It is SQLite's lock on a
 * database file of its own, because Node has no file locks, and a file that names its holder can't be taken over without a race. Returns
 * the function that gives the lock back; undefined while another process holds it.
 */
export function tryLock(file: string): (() => void) | undefined {
  const database = new Database(file)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch {
    database.close()
    return undefined
  }
  return () => {
    database.exec('ROLLBACK')
    database.close()
  }
}
