import type { Migration, ServerStep } from '../../migration.ts'
import type { QdrantServer } from './2-versions.ts'

/** The stores of one agent have one schema; what changed with this one lies in the other store. */
export const stillUnchanged: Migration<ServerStep<QdrantServer>> = { to: 5, describe: 'nothing changed in archival memory', steps: [] }
