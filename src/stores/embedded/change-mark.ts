import { numberOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

/** What SQLite counts by itself: commits of other connections, and what this one has changed. It reads no page of the file. */
export function changeMarkOf(database: EmbeddedDatabase): string {
  const others = database.row('PRAGMA data_version')?.['data_version']
  const own = database.row('SELECT total_changes() AS total')
  return `${String(others)} ${own === undefined ? 0 : numberOf(own, 'total')}`
}
