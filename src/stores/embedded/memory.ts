import type { MemoryStore } from '../stores.ts'
import { embeddedAccessKeys } from './access-keys.ts'
import { embeddedAgents } from './agents.ts'
import { embeddedAnswers } from './answers.ts'
import { embeddedAsideCosts } from './aside-costs.ts'
import { embeddedBlocks } from './blocks.ts'
import { patient, type WhileBusy } from './busy.ts'
import { changeMarkOf } from './change-mark.ts'
import { embeddedCheckpoints } from './checkpoints.ts'
import { embeddedClaims } from './claims.ts'
import { embeddedDefinitions } from './definitions.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { embeddedDocuments } from './documents.ts'
import { eraseMemory } from './erase.ts'
import { embeddedEvents } from './events.ts'
import { embeddedMessages } from './messages.ts'
import { embeddedPromptFrames } from './prompt-frames.ts'
import { embeddedSummaries } from './summaries.ts'
import { embeddedTimers } from './timers.ts'
import { embeddedTurns } from './turns.ts'

export function embeddedMemory(database: EmbeddedDatabase, whileBusy: WhileBusy, close: () => void): MemoryStore {
  return {
    agents: patient(embeddedAgents(database), whileBusy),
    definitions: patient(embeddedDefinitions(database), whileBusy),
    events: patient(embeddedEvents(database), whileBusy),
    messages: patient(embeddedMessages(database), whileBusy),
    blocks: patient(embeddedBlocks(database), whileBusy),
    summaries: patient(embeddedSummaries(database), whileBusy),
    promptFrames: patient(embeddedPromptFrames(database), whileBusy),
    asideCosts: patient(embeddedAsideCosts(database), whileBusy),
    turns: patient(embeddedTurns(database), whileBusy),
    claims: patient(embeddedClaims(database), whileBusy),
    checkpoints: patient(embeddedCheckpoints(database), whileBusy),
    answers: patient(embeddedAnswers(database), whileBusy),
    timers: patient(embeddedTimers(database), whileBusy),
    documents: embeddedDocuments(database, whileBusy),
    accessKeys: patient(embeddedAccessKeys(database), whileBusy),
    changeMark: () => whileBusy(() => changeMarkOf(database)),
    eraseAgent: (agentId) => eraseMemory(database, whileBusy, agentId),
    close: async () => close(),
  }
}
