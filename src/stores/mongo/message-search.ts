import type { Collection, Filter, FindOptions } from 'mongodb'
import type { StoredMessage } from '../../protocol/messages.ts'
import { messageOf, type MessageForm } from '../message-form.ts'
import type { MessageQuery } from '../stores.ts'
import { questionsOf, type QueryWord } from '../../words/words.ts'
import { idOf } from './insert-if-absent.ts'
import { messageProjection, type MessageDocument } from './message-document.ts'
import { ofConversation, rankMessages } from './message-ranking.ts'
import { findBodies } from './versioned.ts'

/** Words beyond these are not looked for: each is a count and a condition, and a query is a question, not a book. */
const queryWordLimit = 64

/**
 * Search of recall by words, on an ordinary index over the words of each message: it needs no text index, runs on every
 * MongoDB, and splits words as the embedded store does.
 */
export async function searchMessages(
  collection: Collection<MessageDocument>,
  agentId: string,
  query: MessageQuery,
): Promise<{ total: number; messages: StoredMessage[] }> {
  if (query.text === undefined) return searchWords(collection, agentId, query, undefined)
  for (const words of questionsOf(query.text)) {
    const found = await searchWords(collection, agentId, query, words.slice(0, queryWordLimit))
    if (found.total > 0) return found
  }
  return { total: 0, messages: [] }
}

async function searchWords(collection: Collection<MessageDocument>, agentId: string, query: MessageQuery, words: readonly QueryWord[] | undefined): Promise<{ total: number; messages: StoredMessage[] }> {
  const filter = filterOf(agentId, query, words)
  const total = await collection.countDocuments(filter)
  if (total <= query.offset) return { total, messages: [] }
  if (query.order === 'newest' || words === undefined) return { total, messages: await read(collection, filter, { sort: { seq: -1 }, skip: query.offset, limit: query.limit }) }
  const end = query.offset + query.limit
  const ids = (await rankMessages(collection, { agentId, words, filter, before: query.before, most: end })).slice(query.offset, end)
  const places = new Map(ids.map((id, place) => [id, place]))
  const placeOf = ({ op }: StoredMessage): number => places.get(idOf(agentId, op)) ?? 0
  const found = await read(collection, { _id: { $in: ids } })
  return { total, messages: found.toSorted((one, other) => placeOf(one) - placeOf(other)) }
}

async function read(collection: Collection<MessageDocument>, filter: Filter<MessageDocument>, options: FindOptions = {}): Promise<StoredMessage[]> {
  return (await findBodies<MessageForm, MessageDocument>(collection, filter, { projection: messageProjection, ...options })).map(messageOf)
}

function filterOf(agentId: string, query: MessageQuery, words: readonly QueryWord[] | undefined): Filter<MessageDocument> {
  const time = {
    ...(query.from === undefined ? {} : { $gte: new Date(query.from) }),
    ...(query.to === undefined ? {} : { $lt: new Date(query.to) }),
  }
  const filter: Record<string, unknown> = { agentId }
  if (words !== undefined) filter['words'] = { $in: words.flatMap(({ word, stem }) => [word, stem ?? word]) }
  if (Object.keys(time).length > 0) filter['time'] = time
  if (query.roles !== undefined) filter['role'] = { $in: query.roles }
  if (query.before !== undefined) filter['seq'] = { $lt: query.before }
  return query.conversation === true ? { ...filter, ...ofConversation } : filter
}
