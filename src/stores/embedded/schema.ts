import { PerdureError } from '../../protocol/errors.ts'
import { migrationsFrom, type Migration } from '../migration.ts'
import { assertKnown, presentRecord } from '../schema.ts'
import { numberOf, textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { keepCopy } from './keep-copy.ts'
import { embeddedMigrations } from './migrations/list.ts'

/** "Perd" in ASCII: tells our files from other programs' databases. */
const applicationId = 0x50657264

/**
 * The version of a file; 0 for one that is empty.
 * @throws PerdureError `file-unreadable` for another program's database, `schema-newer`
 */
export function schemaOf(database: EmbeddedDatabase, file: string): number {
  const schema = versionOf(database)
  const filled = database.row('SELECT 1 FROM sqlite_master LIMIT 1') !== undefined
  if (filled && pragma(database, 'application_id') !== applicationId) {
    throw new PerdureError('file-unreadable', `${file} is another program's database: name a file that does not exist yet, or one that Perdure made`)
  }
  assertKnown({ of: `the memory file ${file}`, schema, program: writerOf(database, schema) })
  return schema
}

/** The version that a file has now: another process may have raised it since it was opened. */
export const versionOf = (database: EmbeddedDatabase): number => pragma(database, 'user_version')

const pragma = (database: EmbeddedDatabase, name: string): number => numberOf(database.row(`PRAGMA ${name}`) ?? {}, name)

function writerOf(database: EmbeddedDatabase, schema: number): string | undefined {
  const known = database.row(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema'`)
  const row = known && database.row('SELECT program FROM schema WHERE version = ?', schema)
  return row && textOf(row, 'program')
}

/**
 * Makes the tables of a new file, and brings one of an earlier version up to date: in one transaction, so that a process that is killed
 * meanwhile leaves the file as it was, and after a copy of it was put beside it. Several processes may do so at once.
 * @throws PerdureError `file-unreadable`, `schema-newer`
 */
export function prepareSchema(database: EmbeddedDatabase, file: string, migrations: readonly Migration<string>[] = embeddedMigrations): { readonly copy?: string } {
  const latest = migrations.at(-1)?.to ?? 0
  const found = schemaOf(database, file)
  if (found === latest) return {}
  const copy = found === 0 ? undefined : keepCopy(database, file, found)
  database.transaction(() => {
    // Another process may have been first.
    for (const { steps } of migrationsFrom(schemaOf(database, file), migrations)) for (const statement of steps) database.run(statement)
    const { program, at } = presentRecord()
    database.run('INSERT INTO schema (version, program, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', latest, program, at)
    database.run(`PRAGMA application_id = ${applicationId}`)
    database.run(`PRAGMA user_version = ${latest}`)
  })
  return copy === undefined ? {} : { copy }
}
