import type { Collection, Filter, FindOptions } from 'mongodb'
import type { StoredMessage } from '../../protocol/messages.ts'
import { messageOf, type MessageForm } from '../message-form.ts'
import { countedUpTo, countOf } from '../counted.ts'
import type { MeantExchange } from '../exchanges.ts'
import { fuse, nearOf, type Meant } from '../fusion.ts'
import { mergeRanges } from '../message-numbers.ts'
import { meantOnce } from '../repeats.ts'
import type { FoundMessages, MeantQuery, MessageQuery } from '../messages.ts'
import { questionsOf, type QueryWord } from '../../words/words.ts'
import { fewest, maxQueryWords, momentsOf, raiseOf, type Moments, type Scored } from '../relevance.ts'
import { idOf } from './insert-if-absent.ts'
import { messageProjection, type MessageDocument } from './message-document.ts'
import { ofConversation, rankMessages, sayingFields, sayingOfForm, type Hit, type SayingForm } from './message-ranking.ts'
import { soughtOf, withNewest, type Sought } from './sought-words.ts'
import { findBodies } from './versioned.ts'

/**
 * Search of recall by words, on an ordinary index over the words of each message: it needs no text index, runs on every
 * MongoDB, and splits words as the embedded store does.
 */
export async function searchMessages(
  collection: Collection<MessageDocument>,
  agentId: string,
  query: MeantQuery,
  count: (agentId: string) => Promise<number>,
): Promise<FoundMessages> {
  if (query.text === undefined) return searchNewest(collection, agentId, query, { count })
  const { meant = [] } = query.order === 'relevance' ? query : {}
  const named = momentsOf(query.named)
  for (const words of questionsOf(query.text)) {
    const found = await searchWords(collection, agentId, query, { words: words.slice(0, maxQueryWords), meant, named })
    if (found.total > 0) return found
  }
  return meant.length === 0 ? { total: 0, messages: [] } : { total: 0, ...(await pageOf(collection, agentId, query, [], await saidIn(collection, { meant, filter: filterOf(agentId, query, undefined), named }))) }
}

/** @param count of all that an agent has, which is shown as a figure; of all else it is enough that it is much */
async function searchNewest(
  collection: Collection<MessageDocument>,
  agentId: string,
  query: MessageQuery,
  { words, count }: { readonly words?: readonly QueryWord[]; readonly count?: (agentId: string) => Promise<number> },
): Promise<FoundMessages> {
  const filter = filterOf(agentId, query, words)
  const most = countedUpTo(query)
  const isAll = count !== undefined && Object.keys(filter).length === 1
  const total = isAll ? { total: await count(agentId) } : countOf(await collection.countDocuments(filter, { limit: most + 1 }), most)
  return { ...total, messages: total.total <= query.offset ? [] : await read(collection, filter, { sort: { seq: -1 }, skip: query.offset, limit: query.limit }) }
}

/** None where no message has one of the words, whatever is meant. */
async function searchWords(
  collection: Collection<MessageDocument>,
  agentId: string,
  query: MessageQuery,
  { words, meant, named }: { readonly words: readonly QueryWord[]; readonly meant: readonly MeantExchange[]; readonly named: readonly Moments[] },
): Promise<FoundMessages> {
  const filter = filterOf(agentId, query, words)
  if (query.order === 'newest') return searchNewest(collection, agentId, query, { words })
  const most = countedUpTo(query)
  const countIn = ({ filter: within }: Sought): Promise<number> => collection.countDocuments(within, { limit: most + 1 })
  const usual = await soughtOf(collection, { agentId, words, filter, before: query.before, named })
  const passed = await countIn(usual)
  const isEnough = usual.whole || passed >= fewest
  const sought = isEnough ? usual : await withNewest(collection, { filter, sought: usual })
  const counted = isEnough ? passed : await countIn(sought)
  if (counted === 0) return { total: 0, messages: [] }
  const total = sought.whole ? countOf(counted, most) : { total: Math.min(counted, most), atLeast: true as const }
  if (counted <= query.offset && meant.length === 0) return { ...total, messages: [] }
  const end = query.offset + query.limit
  const said = await saidIn(collection, { meant, filter: filterOf(agentId, query, undefined), named })
  const ranked = await rankMessages(collection, { agentId, sought, filter, before: query.before, named, most: end, said: said.map(({ hit }) => hit._id) })
  return { ...total, ...(await pageOf(collection, agentId, query, ranked, said)) }
}

async function pageOf(collection: Collection<MessageDocument>, agentId: string, { offset, limit }: MessageQuery, ranked: readonly Scored<Hit>[], said: readonly Meant<Hit>[]): Promise<Pick<FoundMessages, 'messages' | 'near'>> {
  const { found, near } = fuse(ranked, meantOnce({ meant: said, ranked, sayingOfHit: ({ saying }) => saying }))
  const ids = found.slice(offset, offset + limit).map(({ _id }) => _id)
  const places = new Map(ids.map((id, place) => [id, place]))
  const placeOf = ({ op }: StoredMessage): number => places.get(idOf(agentId, op)) ?? 0
  const messages = await read(collection, { _id: { $in: ids } })
  return { ...nearOf(near), messages: messages.toSorted((one, other) => placeOf(one) - placeOf(other)) }
}

/** What was said in those exchanges, and passes the filter. */
async function saidIn(
  collection: Collection<MessageDocument>,
  { meant, filter, named }: { readonly meant: readonly MeantExchange[]; readonly filter: Filter<MessageDocument>; readonly named: readonly Moments[] },
): Promise<readonly Meant<Hit>[]> {
  if (meant.length === 0) return []
  const ranges = mergeRanges(meant.map(({ first, last }) => [first, last])).map(([from, to]) => ({ seq: { $gte: from, $lte: to } }))
  const found = await collection.find<Pick<MessageDocument, '_id' | 'seq' | 'time'> & SayingForm>({ $and: [filter, { $or: ranges }, ofConversation] }, { projection: { _id: 1, seq: 1, time: 1, ...sayingFields } }).toArray()
  const hits = found.map(({ _id, seq, time, ...form }) => ({ _id, seq, raise: raiseOf(time.getTime(), named), saying: sayingOfForm(form) }))
  return hits.flatMap((hit) => meant.filter(({ first, last }) => first <= hit.seq && hit.seq <= last).map(({ similarity }) => ({ hit, similarity })))
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
