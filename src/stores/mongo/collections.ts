import type { Collection, Db } from 'mongodb'
import type { AccessKeyDocument } from './access-keys.ts'
import type { AgentDocument, AgentNameDocument } from './agents.ts'
import type { AnswerDocument } from './answers.ts'
import type { AsideCostDocument, AsideSumDocument } from './aside-costs.ts'
import type { BlockDocument } from './blocks.ts'
import type { CheckpointDocument } from './checkpoints.ts'
import type { ClaimDocument } from './claims.ts'
import type { DefinitionChangeDocument, DefinitionDocument } from './definitions.ts'
import type { DocumentCollections } from './documents.ts'
import type { EventDocument } from './events.ts'
import type { FormerBlockDocument } from './former-blocks.ts'
import { liveWriteConcern, type LiveDocument } from './live.ts'
import type { MessageDocument } from './message-document.ts'
import type { PromptFrameDocument } from './prompt-frames.ts'
import type { SummaryDocument } from './summaries.ts'
import type { TimersDocument } from './timers.ts'
import type { TurnDocument } from './turns.ts'

export interface Collections extends DocumentCollections {
  readonly agents: Collection<AgentDocument>
  readonly agentNames: Collection<AgentNameDocument>
  readonly definitions: Collection<DefinitionDocument>
  readonly definitionChanges: Collection<DefinitionChangeDocument>
  readonly formerBlocks: Collection<FormerBlockDocument>
  readonly events: Collection<EventDocument>
  readonly messages: Collection<MessageDocument>
  readonly blocks: Collection<BlockDocument>
  readonly summaries: Collection<SummaryDocument>
  readonly promptFrames: Collection<PromptFrameDocument>
  readonly asideCosts: Collection<AsideCostDocument>
  readonly asideSums: Collection<AsideSumDocument>
  readonly turns: Collection<TurnDocument>
  readonly claims: Collection<ClaimDocument>
  readonly checkpoints: Collection<CheckpointDocument>
  readonly answers: Collection<AnswerDocument>
  readonly timers: Collection<TimersDocument>
  readonly live: Collection<LiveDocument>
  readonly accessKeys: Collection<AccessKeyDocument>
}

export function collectionsOf(database: Db): Collections {
  return {
    agents: database.collection('agents'),
    agentNames: database.collection('agentNames'),
    definitions: database.collection('definitions'),
    definitionChanges: database.collection('definitionChanges'),
    formerBlocks: database.collection('formerBlocks'),
    events: database.collection('events'),
    messages: database.collection('messages'),
    blocks: database.collection('blocks'),
    summaries: database.collection('summaries'),
    promptFrames: database.collection('promptFrames'),
    asideCosts: database.collection('asideCosts'),
    asideSums: database.collection('asideSums'),
    turns: database.collection('turns'),
    claims: database.collection('claims'),
    checkpoints: database.collection('checkpoints'),
    answers: database.collection('answers'),
    timers: database.collection('timers'),
    live: database.collection('live', { writeConcern: liveWriteConcern }),
    accessKeys: database.collection('accessKeys'),
    documents: database.collection('documents'),
    documentParts: database.collection('documentParts'),
    documentChunks: database.collection('documentChunks'),
  }
}

/** Those whose documents outlive a change of their form. */
export const collectionNames = [
  'agents',
  'agentNames',
  'definitions',
  'definitionChanges',
  'formerBlocks',
  'events',
  'messages',
  'blocks',
  'summaries',
  'promptFrames',
  'asideCosts',
  'asideSums',
  'turns',
  'claims',
  'checkpoints',
  'answers',
  'timers',
  'documents',
  'documentParts',
  'documentChunks',
  'accessKeys',
] as const satisfies readonly (keyof Collections)[]

export interface Index {
  readonly collection: keyof Collections
  readonly keys: Readonly<Record<string, 1>>
  readonly unique?: true
  /** Holds only documents that have one of its keys. */
  readonly sparse?: true
  /** MongoDB deletes a document so long after the moment in the key. */
  readonly expireAfterSeconds?: number
}

/** Beside `_id`. The unique ones are promises of the interface, the others are for speed. What is an agent's or a block's begins with it. */
export const indexes: readonly Index[] = [
  { collection: 'agents', keys: { 'definition.blocks.blockId': 1 } },
  { collection: 'agents', keys: { 'definition.model': 1, _id: 1 } },
  { collection: 'agents', keys: { 'definition.tags': 1, _id: 1 } },
  { collection: 'definitions', keys: { agentId: 1, version: 1 }, unique: true },
  { collection: 'definitions', keys: { agentId: 1, op: 1 }, unique: true },
  { collection: 'definitionChanges', keys: { agentId: 1 } },
  { collection: 'formerBlocks', keys: { agentId: 1, 'block.label': 1, version: 1 } },
  { collection: 'events', keys: { agentId: 1, pendingSince: 1 } },
  { collection: 'events', keys: { taskQueue: 1, pendingSince: 1 }, sparse: true },
  { collection: 'messages', keys: { agentId: 1, seq: 1 }, unique: true },
  { collection: 'messages', keys: { agentId: 1, words: 1, seq: 1 } },
  { collection: 'messages', keys: { agentId: 1, time: 1 } },
  { collection: 'blocks', keys: { blockId: 1, version: 1 }, unique: true },
  { collection: 'blocks', keys: { blockId: 1, op: 1 }, unique: true },
  { collection: 'summaries', keys: { agentId: 1, time: 1 } },
  { collection: 'promptFrames', keys: { agentId: 1 } },
  { collection: 'asideCosts', keys: { agentId: 1, summed: 1 } },
  { collection: 'turns', keys: { agentId: 1, eventId: 1 } },
  { collection: 'turns', keys: { agentId: 1, turn: 1 } },
  { collection: 'claims', keys: { agentId: 1 } },
  { collection: 'checkpoints', keys: { agentId: 1 } },
  { collection: 'answers', keys: { agentId: 1, op: 1 } },
  { collection: 'timers', keys: { taskQueue: 1, nextDue: 1 } },
  { collection: 'live', keys: { agentId: 1, place: 1 } },
  { collection: 'live', keys: { until: 1 }, expireAfterSeconds: 0 },
  { collection: 'documents', keys: { agentId: 1, set: 1 } },
  { collection: 'documents', keys: { agentId: 1, status: 1, name: 1 } },
  { collection: 'documents', keys: { taskQueue: 1, status: 1, at: 1, agentId: 1 } },
  { collection: 'documentParts', keys: { agentId: 1, hash: 1, place: 1 } },
  { collection: 'documentChunks', keys: { agentId: 1, hash: 1, place: 1 } },
  { collection: 'accessKeys', keys: { createdAt: 1, _id: 1 } },
]

/** Idempotent: an index that is there is left alone. */
export async function createIndexes(database: Db): Promise<void> {
  for (const { collection, keys, unique, sparse, expireAfterSeconds } of indexes) {
    await database.collection(collection).createIndex(keys, { unique: unique ?? false, ...(sparse && { sparse }), ...(expireAfterSeconds !== undefined && { expireAfterSeconds }) }, {})
  }
}
