import type { Collection, Filter, FindOptions } from 'mongodb'
import type { StoredMessage } from '../../protocol/messages.ts'
import { messageOf, type MessageForm } from '../message-form.ts'
import { countedUpTo, countOf } from '../counted.ts'
import type { MeantExchange } from '../exchanges.ts'
import { fuse, type Meant } from '../fusion.ts'
import { mergeRanges } from '../message-numbers.ts'
import type { FoundMessages, MeantQuery, MessageQuery } from '../stores.ts'
import { questionsOf, type QueryWord } from '../../words/words.ts'
import type { Scored } from '../relevance.ts'
import { idOf } from './insert-if-absent.ts'
import { messageProjection, type MessageDocument } from './message-document.ts'
import { ofConversation, rankMessages, type Hit } from './message-ranking.ts'
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
  query: MeantQuery,
): Promise<FoundMessages> {
  if (query.text === undefined) return searchWords(collection, agentId, query, {})
  const { meant = [] } = query.order === 'relevance' ? query : {}
  for (const words of questionsOf(query.text)) {
    const found = await searchWords(collection, agentId, query, { words: words.slice(0, queryWordLimit), meant })
    if (found.total > 0) return found
  }
  return meant.length === 0 ? { total: 0, messages: [] } : pageOf(collection, agentId, query, [], await saidIn(collection, meant, filterOf(agentId, query, undefined)))
}

/** None where no message has one of the words, whatever is meant. */
async function searchWords(
  collection: Collection<MessageDocument>,
  agentId: string,
  query: MessageQuery,
  { words, meant = [] }: { readonly words?: readonly QueryWord[]; readonly meant?: readonly MeantExchange[] },
): Promise<FoundMessages> {
  const filter = filterOf(agentId, query, words)
  // All that an agent has is counted by one condition of an index, and shown as a figure; of all else it is enough that it is much.
  const most = Object.keys(filter).length === 1 ? undefined : countedUpTo(query)
  const counted = await collection.countDocuments(filter, most === undefined ? {} : { limit: most + 1 })
  const total = most === undefined ? { total: counted } : countOf(counted, most)
  if (counted === 0 || (counted <= query.offset && meant.length === 0)) return { ...total, messages: [] }
  if (query.order === 'newest' || words === undefined) return { ...total, messages: await read(collection, filter, { sort: { seq: -1 }, skip: query.offset, limit: query.limit }) }
  const end = query.offset + query.limit
  const said = await saidIn(collection, meant, filterOf(agentId, query, undefined))
  const { worded, ranked } = await rankMessages(collection, { agentId, words, filter, before: query.before, most: end, said: said.map(({ hit }) => hit._id) })
  const found = await pageOf(collection, agentId, query, ranked, said)
  return { ...total, total: total.total + said.length - worded, messages: found.messages }
}

async function pageOf(collection: Collection<MessageDocument>, agentId: string, { offset, limit }: MessageQuery, ranked: readonly Scored<Hit>[], said: readonly Meant<Hit>[]): Promise<FoundMessages> {
  const ids = fuse(ranked, said).slice(offset, offset + limit).map(({ _id }) => _id)
  const places = new Map(ids.map((id, place) => [id, place]))
  const placeOf = ({ op }: StoredMessage): number => places.get(idOf(agentId, op)) ?? 0
  const found = await read(collection, { _id: { $in: ids } })
  return { total: said.length, messages: found.toSorted((one, other) => placeOf(one) - placeOf(other)) }
}

/** What was said in those exchanges, and passes the filter. */
async function saidIn(collection: Collection<MessageDocument>, meant: readonly MeantExchange[], filter: Filter<MessageDocument>): Promise<readonly Meant<Hit>[]> {
  if (meant.length === 0) return []
  const ranges = mergeRanges(meant.map(({ first, last }) => [first, last])).map(([from, to]) => ({ seq: { $gte: from, $lte: to } }))
  const found = await collection.find<Hit>({ $and: [filter, { $or: ranges }, ofConversation] }, { projection: { _id: 1, seq: 1 } }).toArray()
  return found.flatMap((hit) => meant.filter(({ first, last }) => first <= hit.seq && hit.seq <= last).map(({ similarity }) => ({ hit, similarity })))
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
