import type { Migration, ServerStep } from '../../migration.ts'
import type { QdrantServer } from './2-versions.ts'

/** The stores of one agent have one schema; what changed with this one lies in the other store. */
export const unchanged: Migration<ServerStep<QdrantServer>> = { to: 3, describe: 'nothing changed in archival memory', steps: [] }
