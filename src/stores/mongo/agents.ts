import type { Collection, Filter } from 'mongodb'
import { generationOf, laterKeys, lineOf } from '../../protocol/agent-key.ts'
import { deletionsKept, isDeletedBy, type NameDeletion } from '../name-deletions.ts'
import { agentUnderKey, inForce, lineOfNew, nextKey } from '../new-agent.ts'
import type { AgentsPage, AgentStore, LeavingAgent, NewAgent, StoredAgent } from '../agents.ts'
import { insertIfAbsent, type Identified } from './insert-if-absent.ts'
import { findBodies, findBody, versioned } from './versioned.ts'

/** Its `_id` is the agent's key. */
export type AgentDocument = Omit<LeavingAgent, 'key'> & Identified
/** Its `_id` is a line; it outlives the agents of that line, and says nothing of them but how many were deleted, and the latest of them by which commands. */
export type AgentNameDocument = Identified & { readonly generation: number; readonly deletions?: readonly NameDeletion[] }

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
  const beingDeleted = (line?: string): Promise<readonly LeavingAgent[]> => matching({ deletingAt: { $exists: true }, ...(line !== undefined && ofLine(line)) })
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
    beingDeleted,
    wasDeleted: async (agentId) => (await find(agentId)) === undefined && (await usedGeneration(lineOf(agentId))) >= generationOf(agentId),
    wasDeletedBy: async (lineOrKey, command) => {
      const line = lineOf(lineOrKey)
      // One after the other: by the time that an agent's record is gone, its name has kept what it said.
      const leaving = await beingDeleted(line)
      return isDeletedBy({ lineOrKey, command, leaving, kept: (await agentNames.findOne({ _id: line }))?.deletions ?? [] })
    },
    markDeleting: async (agentId, at, by) => {
      await agents.updateOne({ _id: agentId, deletingAt: { $exists: false } }, { $set: { deletingAt: at, ...(by !== undefined && { deletingBy: by }) } })
      await retireKey({ agents, agentNames }, agentId, by)
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

/**
 * Remembers, beyond the agent's deletion, that its key has been used, and by which command it is deleted. Of an agent that is not there only the
 * command is remembered, and only where the agent was deleted. Idempotent: where it was broken off, the agent's erasure does the rest.
 * @param by a command that wants the deletion, beside the one that the agent's record names
 */
export async function retireKey({ agents, agentNames }: AgentCollections, agentId: string, by?: string): Promise<void> {
  const [line, generation] = [lineOf(agentId), generationOf(agentId)]
  const agent = await agents.findOne({ _id: agentId }, { projection: { deletingBy: 1 } })
  if (agent !== null) await agentNames.updateOne({ _id: line }, { $max: { generation }, $set: versioned({}) }, { upsert: true })
  for (const command of new Set([agent?.deletingBy, by])) {
    if (command === undefined) continue
    const deletion: NameDeletion = { generation, command }
    await agentNames.updateOne({ _id: line, generation: { $gte: generation }, deletions: { $ne: deletion } }, { $push: { deletions: { $each: [deletion], $slice: -deletionsKept } } })
  }
}
