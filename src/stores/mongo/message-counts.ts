import type { Collection } from 'mongodb'
import type { MessageDocument } from './message-document.ts'

/** At least so many of an agent's newest numbers are counted each time: messages that are stored late, behind their successors, are among them. */
const countedAnew = 1_000
/** From so many on it is worth it to keep what was counted. */
const worthKeeping = 5_000

interface Mark {
  readonly upTo: number
  readonly total: number
}

/** Of an agent's messages those whose numbers lie between two multiples of `countedAnew`, the upper one included. A mark lies on such a multiple. */
interface Block {
  readonly _id: { readonly agentId: string }
  readonly total: number
  readonly latest: number
}

const block = { $floor: { $divide: [{ $subtract: ['$seq', 1] }, countedAnew] } }

const totalOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { total }) => sum + total, 0)

export type MessageCounts = (agentIds: readonly string[]) => Promise<ReadonlyMap<string, number>>

/**
 * How many messages each agent has; none of agents that have none. The server counts them by going through an index, a million in a second or so: what a process has
 * counted once it goes through no more, since messages are deleted with their agent alone.
 */
export function messageCountsOf(collection: Collection<MessageDocument>): MessageCounts {
  const marks = new Map<string, Mark>()
  const markOf = (agentId: string): Mark => marks.get(agentId) ?? { upTo: 0, total: 0 }

  const countSome: MessageCounts = async (agentIds) => {
    const from = new Map(agentIds.map((agentId) => [agentId, markOf(agentId)]))
    // All in one read: of two, the second would see messages that were stored since the first.
    const stages = [
      { $match: { $or: [...from].map(([agentId, { upTo }]) => ({ agentId, seq: { $gt: upTo } })) } },
      { $group: { _id: { agentId: '$agentId', block }, total: { $sum: 1 }, latest: { $max: '$seq' } } },
    ]
    const counted = new Map<string, Block[]>()
    for (const one of await collection.aggregate<Block>(stages).toArray()) {
      const others = counted.get(one._id.agentId)
      if (others === undefined) counted.set(one._id.agentId, [one])
      else others.push(one)
    }
    const totals = new Map<string, number>()
    for (const [agentId, blocks] of counted) {
      const before = from.get(agentId)?.total ?? 0
      const newer = totalOf(blocks)
      totals.set(agentId, before + newer)
      if (newer < worthKeeping) continue
      const upTo = countedAnew * (Math.floor(Math.max(...blocks.map(({ latest }) => latest)) / countedAnew) - 1)
      marks.set(agentId, { upTo, total: before + totalOf(blocks.filter(({ latest }) => latest <= upTo)) })
    }
    // Erased since: the newest were above its mark.
    const gone = [...from].filter(([agentId, { upTo }]) => upTo > 0 && !totals.has(agentId)).map(([agentId]) => agentId)
    for (const agentId of gone) marks.delete(agentId)
    return gone.length === 0 ? totals : new Map([...totals, ...(await countSome(gone))])
  }
  return async (agentIds) => {
    const totals = new Map<string, number>()
    for (let first = 0; first < agentIds.length; first += agentsAtOnce) for (const [agentId, total] of await countSome(agentIds.slice(first, first + agentsAtOnce))) totals.set(agentId, total)
    return totals
  }
}

/** A query with thousands of alternatives is planned slowly. */
const agentsAtOnce = 200
