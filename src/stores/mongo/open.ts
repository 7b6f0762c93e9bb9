import { assertKnown, storesSchema } from '../schema.ts'
import type { LiveStore } from '../live.ts'
import type { MemoryStore } from '../stores.ts'
import { mongoAccessKeys } from './access-keys.ts'
import { mongoAgents } from './agents.ts'
import { mongoAnswers } from './answers.ts'
import { mongoAsideCosts } from './aside-costs.ts'
import { namingAnAwayServer } from './away.ts'
import { mongoBlocks } from './blocks.ts'
import { mongoCheckpoints } from './checkpoints.ts'
import { mongoClaims } from './claims.ts'
import { collectionsOf, createIndexes } from './collections.ts'
import { connectMongo } from './connect.ts'
import { databaseNameOf } from './uri.ts'
import { mongoDefinitions } from './definitions.ts'
import { mongoDocuments } from './documents.ts'
import { eraseAgent } from './erase-agent.ts'
import { mongoEvents } from './events.ts'
import { mongoLive } from './live.ts'
import { mongoMessages } from './messages.ts'
import { mongoPromptFrames } from './prompt-frames.ts'
import { recordSchema, storedSchema } from './schema-record.ts'
import { mongoSummaries } from './summaries.ts'
import { mongoTimers } from './timers.ts'
import { mongoTurns } from './turns.ts'

export interface MongoMemory extends MemoryStore {
  /** For a person: hosts and database, no secrets. */
  readonly describe: string
  /** Some of what is stored is of an earlier schema: it is read as it is, and `perdure migrate` brings it up to date. */
  readonly outdated: boolean
  /** In the same database; closed with it. */
  readonly live: LiveStore
}

/**
 * Core and recall memory in MongoDB, alone or as a replica set. Only single-document writes, unique indexes and plain queries
 * are used. Where the guarantee ends: a read may see a write that a failing primary has not replicated yet, as `w: majority`
 * binds writes only.
 * @param options.database Default: the one named in the URI, else `perdure`.
 * @throws PerdureError `server-unavailable` (so does each of its functions while the server is away), `config-invalid`, `schema-newer`
 */
export async function openMongoMemory({ uri, database }: { readonly uri: string; readonly database?: string }): Promise<MongoMemory> {
  const { client, hosts, redact } = await connectMongo(uri)
  const db = client.db(database ?? databaseNameOf(uri))
  const describe = `MongoDB at ${hosts}, database ${db.databaseName}`
  let outdated: boolean
  try {
    const found = await storedSchema(db)
    if (found === undefined) await recordSchema(db)
    else assertKnown({ of: describe, ...found })
    outdated = found !== undefined && found.schema < storesSchema
    await createIndexes(db)
  } catch (error) {
    await client.close()
    throw error
  }
  const collections = collectionsOf(db)
  const memory: MongoMemory = {
    describe,
    outdated,
    agents: mongoAgents(collections),
    definitions: mongoDefinitions(collections),
    events: mongoEvents(collections.events),
    messages: mongoMessages(collections.messages),
    blocks: mongoBlocks(collections.blocks),
    summaries: mongoSummaries(collections.summaries),
    promptFrames: mongoPromptFrames(collections.promptFrames),
    asideCosts: mongoAsideCosts(collections.asideCosts, collections.asideSums),
    turns: mongoTurns(collections),
    claims: mongoClaims(collections.claims),
    checkpoints: mongoCheckpoints(collections.checkpoints),
    answers: mongoAnswers(collections.answers),
    timers: mongoTimers(collections.timers),
    documents: mongoDocuments(collections),
    accessKeys: mongoAccessKeys(collections.accessKeys),
    live: mongoLive(collections.live),
    changeMark: async () => undefined,
    eraseAgent: (agentId) => eraseAgent(collections, agentId),
    close: () => client.close(),
  }
  return namingAnAwayServer(memory, { hosts, redact })
}
