import type { EmbeddedDatabase } from './sql.ts'

const present = `SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'document_unfinished'`
const create = `CREATE INDEX IF NOT EXISTS document_unfinished ON document (body ->> '$.taskQueue', body ->> '$.at', agent) WHERE status IN ('waiting', 'removing')`

/** Makes the index that files of the present schema lack which an earlier program made. It is for speed alone: that program goes on with it. */
export function addLaterIndexes(database: EmbeddedDatabase): void {
  if (database.row(present) === undefined) database.run(create)
}
