import { existsSync } from 'node:fs'
import { migrationsFrom, type MigrationReport } from '../migration.ts'
import { storesSchema } from '../schema.ts'
import { whileBusyOf } from './busy.ts'
import { openDatabase } from './database.ts'
import { embeddedMigrations } from './migrations/list.ts'
import { rewordFile } from './reword-file.ts'
import { prepareSchema, schemaOf } from './schema.ts'

/**
 * Brings the file up to date, as opening it does, and says what was changed; in a dry run, what would be.
 * @throws PerdureError `file-unreadable`, `schema-newer`, `server-unavailable`
 */
export async function migrateEmbedded({ file, dryRun }: { readonly file: string; readonly dryRun: boolean }): Promise<MigrationReport> {
  const store = `libSQL file ${file}`
  if (!existsSync(file)) return { store, found: undefined, to: storesSchema, changes: [] }
  let found = 0
  let copy: string | undefined
  const database = await openDatabase(file, (opened) => {
    found = schemaOf(opened, file)
    if (!dryRun) copy = prepareSchema(opened, file).copy
  })
  try {
    if (!dryRun) await rewordFile(database, whileBusyOf(file))
  } finally {
    database.close()
  }
  const changes = migrationsFrom(found, embeddedMigrations).map(({ to, describe, steps }) => ({ to, describe, of: 'tables and indexes', count: steps.length }))
  return { store, found, to: storesSchema, changes, ...(copy !== undefined && { copy }) }
}
