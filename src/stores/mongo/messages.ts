import type { Collection, Filter, FindOptions } from 'mongodb'
import type { SeqRanges } from '../../protocol/seq-ranges.ts'
import type { StoredMessage } from '../../protocol/messages.ts'
import { type MessageForm, messageForm, messageOf, searchedTextOf } from '../message-form.ts'
import { mergeRanges, numberTaken } from '../message-numbers.ts'
import type { MessageStore } from '../messages.ts'
import { formsOf } from '../../words/words.ts'
import { idOf, insertIfAbsent, insertInOrder } from './insert-if-absent.ts'
import { messageCountsOf } from './message-counts.ts'
import { searchMessages } from './message-search.ts'
import { findBodies, findBody } from './versioned.ts'
import { messageProjection, type MessageDocument } from './message-document.ts'

const plain = { projection: messageProjection }

/** False: operation or sequence number are taken, and nothing is stored. */
export async function insertMessage(collection: Collection<MessageDocument>, message: StoredMessage): Promise<boolean> {
  return (await insertIfAbsent(collection, documentOf(message))) === 'inserted'
}

const documentOf = (message: StoredMessage): MessageDocument => ({
  ...messageForm(message),
  _id: idOf(message.agentId, message.op),
  words: formsOf(searchedTextOf(message)),
  time: new Date(message.at),
})

export function mongoMessages(collection: Collection<MessageDocument>): MessageStore {
  const find = async (agentId: string, op: string): Promise<StoredMessage | null> => {
    const found = await findBody<MessageForm, MessageDocument>(collection, { _id: idOf(agentId, op) }, plain)
    return found && messageOf(found)
  }
  const matching = async (filter: Filter<MessageDocument>, options: FindOptions = {}): Promise<readonly StoredMessage[]> =>
    (await findBodies<MessageForm, MessageDocument>(collection, filter, { ...plain, ...options })).map(messageOf)
  const inRanges = async (agentId: string, ranges: SeqRanges): Promise<readonly StoredMessage[]> => {
    const found = await Promise.all(chunksOf(mergeRanges(ranges), 200).map((chunk) => matching(rangesFilter(agentId, chunk))))
    return found.flat().sort((one, other) => one.seq - other.seq)
  }
  const counts = messageCountsOf(collection)
  const count = async (agentId: string): Promise<number> => (await counts([agentId])).get(agentId) ?? 0
  return {
    insert: async (message) => {
      if (await insertMessage(collection, message)) return message
      const stored = await find(message.agentId, message.op)
      if (stored !== null) return stored
      throw numberTaken(message)
    },
    insertTogether: (messages) => insertInOrder(collection, messages.map(documentOf)),
    byOp: async (agentId, op) => (await find(agentId, op)) ?? undefined,
    holding: (agentId, { ops, numbers }) => {
      const underOps = { _id: { $in: ops.map((op) => idOf(agentId, op)) } }
      return matching(numbers === undefined ? underOps : { $or: [underOps, { agentId, seq: { $gte: numbers[0], $lte: numbers[1] } }] })
    },
    ranges: inRanges,
    after: (agentId, after, limit) => matching({ agentId, seq: { $gt: after } }, { sort: { seq: 1 }, limit }),
    afterEach: async (marks, limit) => {
      const above = [...marks].map(([agentId, seq]) => ({ agentId, seq: { $gt: seq } }))
      const [only] = above
      return only === undefined ? [] : matching(above.length === 1 ? only : { $or: above }, { sort: { agentId: 1, seq: 1 }, limit })
    },
    search: (agentId, query) => searchMessages(collection, agentId, query, count),
    count,
    // Answered by the index over (agentId, seq) alone.
    latestSeq: async (agentId) => (await collection.findOne<{ seq: number }>({ agentId }, { projection: { _id: 0, seq: 1 }, sort: { seq: -1 } }))?.seq ?? 0,
    counts,
    markPopped: async (agentId, ranges) => {
      for (const chunk of chunksOf(mergeRanges(ranges), 200)) await collection.updateMany(rangesFilter(agentId, chunk), { $set: { popped: true } })
    },
  }
}

function rangesFilter(agentId: string, ranges: SeqRanges): Filter<MessageDocument> {
  const [only] = ranges
  // A single number is looked up, not ranged over: the usual question of who reads a turn's one reply.
  if (only !== undefined && ranges.length === 1 && only[0] === only[1]) return { agentId, seq: only[0] }
  return { agentId, $or: ranges.map(([from, to]) => ({ seq: { $gte: from, $lte: to } })) }
}

/** A query with thousands of alternatives is planned slowly, and one with none is an error. */
function chunksOf(ranges: SeqRanges, size: number): readonly SeqRanges[] {
  const chunks: SeqRanges[] = []
  for (let start = 0; start < ranges.length; start += size) chunks.push(ranges.slice(start, start + size))
  return chunks
}
