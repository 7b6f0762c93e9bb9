import type { Migration, ServerStep } from '../../migration.ts'
import type { QdrantServer } from './2-versions.ts'

/** A passage that says nothing of having given way to another one has not: nothing is to be changed. */
export const superseded: Migration<ServerStep<QdrantServer>> = { to: 4, describe: 'a passage may give way to another one', steps: [] }
