import { migrateServer, type MigrationReport } from '../migration.ts'
import { assertKnown, firstSchema, storesSchema } from '../schema.ts'
import { connectMongo } from './connect.ts'
import { databaseNameOf } from './uri.ts'
import { mongoMigrations } from './migrations/list.ts'
import { recordSchema, storedSchema } from './schema-record.ts'

/**
 * Brings all documents to the present schema; in a dry run counts them. Workers may be at work. Broken off, it is to be run again; run
 * again after its end, it finds what an older worker has written since.
 * @throws PerdureError `schema-newer`, `server-unavailable`, `config-invalid`
 */
export async function migrateMongo(options: { readonly uri: string; readonly database?: string; readonly dryRun: boolean }): Promise<MigrationReport> {
  const { uri, dryRun } = options
  const { client, hosts } = await connectMongo(uri)
  try {
    const server = client.db(options.database ?? databaseNameOf(uri))
    const store = `MongoDB at ${hosts}, database ${server.databaseName}`
    const found = await storedSchema(server)
    if (found === undefined) return { store, found: undefined, to: storesSchema, changes: [] }
    assertKnown({ of: store, ...found })
    // From the first on: a worker of an earlier version may have written after the last time.
    const changes = await migrateServer({ server, found: firstSchema, migrations: mongoMigrations, dryRun })
    if (!dryRun) await recordSchema(server)
    return { store, found: found.schema, to: storesSchema, changes }
  } finally {
    await client.close()
  }
}
