import type { Collection, Document, Filter } from 'mongodb'
import type { QueryWord } from '../../words/words.ts'
import { mergeRanges } from '../message-numbers.ts'
import { giving, nearby, orderWithNeighbours, weigh, type Held, type Ranked, type Scored, type Weighted } from '../relevance.ts'
import type { MessageDocument } from './message-document.ts'

/** A message that was found. */
export interface Hit extends Pick<Ranked, 'seq'> {
  readonly _id: string
}

interface Found extends Ranked {
  readonly _id: string
}

/** What was said to the agent and by it. */
export const ofConversation: Filter<MessageDocument> = { $or: [{ eventId: { $exists: true } }, { reply: { $exists: true } }] }

export interface Ranking {
  /** How many of `said` were found. */
  readonly worded: number
  readonly ranked: readonly Scored<Hit>[]
}

/**
 * The messages that have one of the words, best first: as `relevance.ts` ranks, with rarities among this agent's messages.
 * @param filter has the words
 * @param most the length of the ranking that is asked for
 * @param said ids of messages that are in the ranking in any case, if they are found
 */
export async function rankMessages(
  collection: Collection<MessageDocument>,
  { agentId, words, filter, before, most, said }: { readonly agentId: string; readonly words: readonly QueryWord[]; readonly filter: Filter<MessageDocument>; readonly before: number | undefined; readonly most: number; readonly said: readonly string[] },
): Promise<Ranking> {
  const held = async (term: string): Promise<Held> => ({ term, holding: await collection.countDocuments({ agentId, words: term }) })
  const [latest, counted] = await Promise.all([
    collection.findOne<{ seq: number }>({ agentId }, { projection: { _id: 0, seq: 1 }, sort: { seq: -1 } }),
    Promise.all(words.map(async ({ word, stem }) => ({ word: await held(word), stem: stem === undefined ? undefined : await held(stem) }))),
  ])
  const own = ownOf(weigh(counted, latest?.seq ?? 0))
  const best = await collection.aggregate<Found>([{ $match: filter }, own, { $sort: { own: -1, seq: -1 } }, { $limit: Math.max(most, giving) }]).toArray()
  const saidToo = said.length === 0 ? [] : await collection.aggregate<Found>([{ $match: { $and: [filter, { _id: { $in: [...said] } }] } }, own]).toArray()
  const windows = mergeRanges(best.slice(0, giving).map(({ seq }) => [seq - nearby, Math.min(seq + nearby, (before ?? Infinity) - 1)]))
  if (windows.length === 0) return { worded: 0, ranked: [] }
  const within = { $or: windows.map(([from, to]) => ({ seq: { $gte: from, $lte: to } })) }
  const [around, near] = await Promise.all([
    collection.find<{ seq: number }>({ $and: [{ agentId }, within, ofConversation] }, { projection: { _id: 0, seq: 1 } }).toArray(),
    collection.aggregate<Found>([{ $match: { $and: [{ agentId }, within, ofConversation, filter] } }, own]).toArray(),
  ])
  return { worded: saidToo.length, ranked: orderWithNeighbours({ best, around: around.map(({ seq }) => seq), near: [...near, ...saidToo] }) }
}

function ownOf(words: readonly Weighted[]): Document {
  const counted = words.map(({ term, weight }) => ({ $cond: [{ $in: [{ $literal: term }, '$words'] }, 2 * weight, 0] }))
  return { $project: { seq: 1, own: { $add: [...counted, { $cond: [{ $ifNull: ['$eventId', '$reply'] }, 1, 0] }] } } }
}
