import type { Config } from '../config/config.ts'
import { migrateStores } from '../stores/migrate.ts'
import type { MigrationReport } from '../stores/migration.ts'

export type { MigrationReport }

/** Brings the memory up to date; in a dry run says what would change. Needs no Temporal server. */
export const migrateMemory = ({ stores }: Config, options: { readonly dryRun: boolean }): Promise<readonly MigrationReport[]> => migrateStores(stores, options)
