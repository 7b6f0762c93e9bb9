import type { Collection, Document, Filter } from 'mongodb'
import type { StoredMessage } from '../../protocol/messages.ts'
import { messageOf, type MessageForm } from '../message-form.ts'
import type { MessageQuery } from '../stores.ts'
import { queryWordsOf } from '../../words/words.ts'
import { messageProjection, type MessageDocument } from './message-document.ts'
import { knownBody, type Versioned } from './versioned.ts'

/** Words beyond these are not looked for: each is a count and a condition, and a query is a question, not a book. */
const queryWordLimit = 64

/**
 * Search of recall by words, on an ordinary index over the words of each message: it needs no text index, runs on every
 * MongoDB, and splits words as the embedded store does. Relevance is the sum of the rarities of the words matched.
 */
export async function searchMessages(
  collection: Collection<MessageDocument>,
  agentId: string,
  query: MessageQuery,
): Promise<{ total: number; messages: StoredMessage[] }> {
  const words = query.text === undefined ? undefined : queryWordsOf(query.text).slice(0, queryWordLimit)
  if (words?.length === 0) return { total: 0, messages: [] }
  const filter = filterOf(agentId, query, words)
  const total = await collection.countDocuments(filter)
  if (total <= query.offset) return { total, messages: [] }
  const ranking = query.order === 'relevance' && words !== undefined ? await rankingOf(collection, agentId, words) : []
  const stages: Document[] = [
    { $match: filter },
    ...ranking,
    { $skip: query.offset },
    { $limit: query.limit },
    { $project: { ...messageProjection, relevance: 0 } },
  ]
  if (ranking.length === 0) stages.splice(1, 0, { $sort: { seq: -1 } })
  const found = await collection.aggregate<MessageForm & Versioned>(stages).toArray()
  return { total, messages: found.map((document) => messageOf(knownBody<MessageForm>(document, collection))) }
}

function filterOf(agentId: string, query: MessageQuery, words: readonly string[] | undefined): Filter<MessageDocument> {
  const time = {
    ...(query.from === undefined ? {} : { $gte: new Date(query.from) }),
    ...(query.to === undefined ? {} : { $lt: new Date(query.to) }),
  }
  const filter: Record<string, unknown> = { agentId }
  if (words !== undefined) filter['words'] = { $in: words }
  if (Object.keys(time).length > 0) filter['time'] = time
  if (query.roles !== undefined) filter['role'] = { $in: query.roles }
  if (query.before !== undefined) filter['seq'] = { $lt: query.before }
  if (query.conversation === true) filter['$or'] = [{ eventId: { $exists: true } }, { reply: { $exists: true } }]
  return filter
}

/** The rarer a word is among the agent's messages, the more it says about which of them was meant. */
async function rankingOf(collection: Collection<MessageDocument>, agentId: string, words: readonly string[]): Promise<Document[]> {
  const all = await collection.countDocuments({ agentId })
  const weights = await Promise.all(
    words.map(async (word) => {
      const holding = await collection.countDocuments({ agentId, words: word })
      return { word, weight: Math.log(1 + (all - holding + 0.5) / (holding + 0.5)) }
    }),
  )
  const terms = weights.map(({ word, weight }) => ({ $cond: [{ $in: [{ $literal: word }, '$words'] }, weight, 0] }))
  return [{ $addFields: { relevance: { $add: terms } } }, { $sort: { relevance: -1, seq: -1 } }]
}
