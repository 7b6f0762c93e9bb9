import { migrateServer, type MigrationReport } from '../migration.ts'
import { assertKnown, firstSchema, storesSchema } from '../schema.ts'
import { connectQdrant } from './connect.ts'
import { qdrantMigrations } from './migrations/list.ts'
import { recordSchema, storedRecord } from './schema-record.ts'
import { usualCollection } from './collection.ts'
import { collectionInForce } from './in-force.ts'

/**
 * Brings all passages to the present schema; in a dry run counts them. Workers may be at work. Broken off, it is to be run again; run
 * again after its end, it finds what an older worker has written since.
 * @throws PerdureError `schema-newer`, `server-unavailable`, `config-invalid`
 */
export async function migrateQdrant(options: {
  readonly url: string
  readonly apiKey?: string
  readonly collection?: string
  readonly dryRun: boolean
}): Promise<MigrationReport> {
  const { collection: base = usualCollection, dryRun } = options
  const { client, host } = await connectQdrant(options)
  const store = `Qdrant at ${host}, collection ${base}`
  const name = await collectionInForce(client, base)
  if (name === undefined) return { store, found: undefined, to: storesSchema, changes: [] }
  const record = await storedRecord(client, name)
  if (record !== undefined) assertKnown({ of: store, ...record })
  // From the first on: a worker of an earlier version may have written after the last time.
  const changes = await migrateServer({ server: { client, name }, found: firstSchema, migrations: qdrantMigrations, dryRun })
  if (!dryRun) await recordSchema(client, name)
  return { store, found: record?.schema ?? firstSchema, to: storesSchema, changes }
}
