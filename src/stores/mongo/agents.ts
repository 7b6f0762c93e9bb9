import type { Collection, Filter } from 'mongodb'
import { generationOf, laterKeys, lineOf } from '../../protocol/agent-key.ts'
import { agentUnderKey, inForce, lineOfNew, nextKey } from '../new-agent.ts'
import type { AgentsPage, AgentStore, LeavingAgent, NewAgent, StoredAgent } from '../stores.ts'
import { insertIfAbsent, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody, versioned } from './versioned.ts'

/** Its `_id` is the agent's key. */
export type AgentDocument = Omit<LeavingAgent, 'key'> & Identified
/** Its `_id` is a line; it outlives the agents of that line, and says nothing of them but how many there have been. */
export type AgentNameDocument = Identified & { readonly generation: number }

interface AgentCollections {
  readonly agents: Collection<AgentDocument>
  readonly agentNames: Collection<AgentNameDocument>
}

function agentOf({ _id: key, ...agent }: AgentDocument): StoredAgent {
  return { key, ...agent }
}

export function mongoAgents({ agents, agentNames }: AgentCollections): AgentStore {
  const find = async (key: string): Promise<StoredAgent | undefined> => {
    const found = await findBody<AgentDocument, AgentDocument>(agents, { _id: key }, {})
    return found === null ? undefined : agentOf(found)
  }
  const matching = async (filter: Filter<AgentDocument>, limit = 0): Promise<readonly StoredAgent[]> =>
    (await findBodies<AgentDocument, AgentDocument>(agents, filter, { sort: { _id: 1 }, limit })).map(agentOf)
  const ofLine = (line: string): Filter<AgentDocument> => {
    const [from, to] = laterKeys(line)
    return { $or: [{ _id: line }, { _id: { $gte: from, $lt: to } }] }
  }
  const usedGeneration = async (line: string): Promise<number> => (await agentNames.findOne({ _id: line }))?.generation ?? 0

  /** Undefined where the key is taken, or was used up while this creation slept; what was stored under it then is taken back. */
  const createUnder = async (key: string, agent: NewAgent): Promise<StoredAgent | undefined> => {
    const stored = agentUnderKey(agent, key)
    if ((await insertIfAbsent(agents, { _id: key, ...stored })) === 'duplicate') return undefined
    if ((await usedGeneration(lineOf(key))) < generationOf(key)) return { key, ...stored }
    // A deletion marks the record before it says that the key was used: one without the mark was not there to be deleted.
    const { deletedCount } = await agents.deleteOne({ _id: key, ...(agent.creation !== undefined && { creation: agent.creation }), deletingAt: { $exists: false } })
    return deletedCount === 0 ? { key, ...stored } : undefined
  }

  return {
    create: async (agent) => {
      const line = lineOfNew(agent)
      for (;;) {
        const [known, used] = await Promise.all([matching(ofLine(line)), usedGeneration(line)])
        const stored = inForce(known) ?? (await createUnder(nextKey(line, known, used), agent))
        if (stored !== undefined) return stored
      }
    },
    current: async (line) => inForce(await matching(ofLine(line))),
    get: find,
    list: ({ limit, ...page }) => matching({ deletingAt: { $exists: false }, ...filterOf(page) }, limit),
    beingDeleted: (line) => matching({ deletingAt: { $exists: true }, ...(line !== undefined && ofLine(line)) }),
    wasDeleted: async (agentId) => (await find(agentId)) === undefined && (await usedGeneration(lineOf(agentId))) >= generationOf(agentId),
    retired: usedGeneration,
    markDeleting: async (agentId, at, by) => {
      await agents.updateOne({ _id: agentId, deletingAt: { $exists: false } }, { $set: { deletingAt: at, ...(by !== undefined && { deletingBy: by }) } })
      await retireKey({ agents, agentNames }, agentId)
    },
    define: async (agentId, version, definition) => {
      await agents.updateOne({ _id: agentId, $or: [{ version: { $exists: false } }, { version: { $lt: version } }] }, { $set: versioned({ definition, version }) })
    },
    setDocuments: async (agentId, count) => {
      await agents.updateOne({ _id: agentId }, { $set: { documents: count } })
    },
    archive: async (agentId, at) => {
      // A repeated attempt does not move the time.
      await agents.updateOne({ _id: agentId, archivedAt: { $exists: false } }, { $set: { archivedAt: at } })
    },
  }
}

function filterOf({ within: [from, to], after, tag, model, archived, keys }: Omit<AgentsPage, 'limit'>): Filter<AgentDocument> {
  return {
    _id: { $gte: from, $lt: to, ...(after !== undefined && { $gt: after }), ...(keys !== undefined && { $in: keys }) },
    ...(tag !== undefined && { 'definition.tags': tag }),
    ...(model !== undefined && { 'definition.model': model }),
    ...(archived !== undefined && { archivedAt: { $exists: archived } }),
  }
}

/** Remembers, beyond the agent's deletion, that its key has been used. An agent that is not there changes nothing. */
export async function retireKey({ agents, agentNames }: AgentCollections, agentId: string): Promise<void> {
  if ((await agents.findOne({ _id: agentId }, { projection: { _id: 1 } })) === null) return
  await agentNames.updateOne({ _id: lineOf(agentId) }, { $max: { generation: generationOf(agentId) }, $set: versioned({}) }, { upsert: true })
}
