import type { Collection } from 'mongodb'
import type { AgentStore, StoredAgent } from '../stores.ts'
import { insertIfAbsent, present, withoutId, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody } from './versioned.ts'

export type AgentDocument = StoredAgent & Identified

export function mongoAgents(collection: Collection<AgentDocument>): AgentStore {
  const find = (agentId: string): Promise<StoredAgent | null> => findBody<StoredAgent, AgentDocument>(collection, { _id: agentId }, withoutId)
  return {
    create: async (agent) => {
      const { id } = agent.definition
      if ((await insertIfAbsent(collection, { ...agent, _id: id })) === 'inserted') return agent
      return present(await find(id), `agent ${id}`)
    },
    get: async (agentId) => (await find(agentId)) ?? undefined,
    // Every id is above the empty text.
    list: ({ after = '', limit }) => findBodies<StoredAgent, AgentDocument>(collection, { _id: { $gt: after } }, { ...withoutId, sort: { _id: 1 }, limit }),
    setInstructions: async (agentId, instructions) => {
      await collection.updateOne({ _id: agentId }, { $set: { 'definition.instructions': instructions } })
    },
    setBudgets: async (agentId, { budget, agentBudget }) => {
      const life = agentBudget === undefined ? { $unset: { 'definition.agentBudget': '' as const } } : { $set: { 'definition.agentBudget': agentBudget } }
      await collection.updateOne({ _id: agentId }, { ...life, $set: { ...life.$set, 'definition.budget': budget } })
    },
    setDocuments: async (agentId, count) => {
      await collection.updateOne({ _id: agentId }, { $set: { documents: count } })
    },
    archive: async (agentId, at) => {
      // A repeated attempt does not move the time.
      await collection.updateOne({ _id: agentId, archivedAt: { $exists: false } }, { $set: { archivedAt: at } })
    },
  }
}
