import type { MemoryStore } from '../stores.ts'
import { embeddedAgents } from './agents.ts'
import { embeddedAnswers } from './answers.ts'
import { embeddedBlocks } from './blocks.ts'
import { embeddedCheckpoints } from './checkpoints.ts'
import { embeddedClaims } from './claims.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { embeddedDocuments } from './documents.ts'
import { eraseAgentRows } from './erase.ts'
import { embeddedEvents } from './events.ts'
import { embeddedMessages } from './messages.ts'
import { embeddedSummaries } from './summaries.ts'
import { embeddedTimers } from './timers.ts'
import { embeddedTurns } from './turns.ts'

export function embeddedMemory(database: EmbeddedDatabase, close: () => void): MemoryStore {
  return {
    agents: embeddedAgents(database),
    events: embeddedEvents(database),
    messages: embeddedMessages(database),
    blocks: embeddedBlocks(database),
    summaries: embeddedSummaries(database),
    turns: embeddedTurns(database),
    claims: embeddedClaims(database),
    checkpoints: embeddedCheckpoints(database),
    answers: embeddedAnswers(database),
    timers: embeddedTimers(database),
    documents: embeddedDocuments(database),
    eraseAgent: async (agentId) => eraseAgentRows(database, agentId),
    close: async () => close(),
  }
}
