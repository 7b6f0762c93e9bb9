import { migrateEmbedded } from './embedded/migrate.ts'
import type { MigrationReport } from './migration.ts'
import { migrateMongo } from './mongo/migrate.ts'
import type { StoresConfig } from './open.ts'
import { migrateQdrant } from './qdrant/migrate.ts'

/**
 * Brings the stores that the configuration names to the present schema, and says what was changed; in a dry run, what would be.
 * @throws PerdureError `schema-newer`, `server-unavailable`, `config-invalid`, `file-unreadable`
 */
export async function migrateStores(config: StoresConfig, { dryRun }: { readonly dryRun: boolean }): Promise<readonly MigrationReport[]> {
  if (config.kind === 'embedded') return [await migrateEmbedded({ file: config.file, dryRun })]
  const { mongodbUri, qdrantUrl, qdrantApiKey } = config
  // One after the other, so that the second is left alone if the first is refused.
  const memory = await migrateMongo({ uri: mongodbUri, dryRun })
  const archival = await migrateQdrant({ url: qdrantUrl, dryRun, ...(qdrantApiKey !== undefined && { apiKey: qdrantApiKey }) })
  return [memory, archival]
}
