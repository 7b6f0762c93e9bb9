import type { Migration, ServerStep } from '../../migration.ts'
import { versions, type QdrantServer } from './2-versions.ts'
import { stems } from './17-stems.ts'

/** The stores of one agent have one schema; what changed with this one lies in the other store. */
const unchanged = (to: number): Migration<ServerStep<QdrantServer>> => ({ to, describe: 'nothing changed in archival memory', steps: [] })

/** A passage that says nothing of having given way to another one has not: nothing is to be changed. */
const superseded: Migration<ServerStep<QdrantServer>> = { to: 4, describe: 'a passage may give way to another one', steps: [] }

/** What a passage is found by has changed three times: the last change makes it anew. */
const words = (to: number): Migration<ServerStep<QdrantServer>> => ({ to, describe: 'passages are found by other forms of their words, which the change to 17 makes anew', steps: [] })

/** They are made by workers after compactions, and by `perdure reindex`. */
const exchanges: Migration<ServerStep<QdrantServer>> = { to: 14, describe: 'vectors of exchanges, by which recall memory is found, have collections of their own; nothing else changed', steps: [] }

/** In order, from what 0.1.0 wrote. Additive ones only, or with readers of both forms: workers are at work meanwhile. */
export const qdrantMigrations = [versions, unchanged(3), superseded, unchanged(5), words(6), unchanged(7), unchanged(8), words(9), unchanged(10), unchanged(11), unchanged(12), unchanged(13), exchanges, unchanged(15), unchanged(16), stems]
