import type { Collection, Filter } from 'mongodb'
import type { QueryWord } from '../../words/words.ts'
import { countedEntries, estimatedHolding, giving, weigh, type Held, type Moments, type Weighted } from '../relevance.ts'
import type { MessageDocument } from './message-document.ts'

/** So many messages are read that have the rarer words: each is read whole by the server. */
const gatheredEntries = 20_000
/** So many entries of frequent words are read of the newest messages. */
const windowEntries = 5_000

/** What of an agent's messages is ranked. */
export interface Sought {
  readonly filter: Filter<MessageDocument>
  /** It lets in every message that has one of the words, and passes the filters. */
  readonly whole: boolean
  /** What each word counts that some message has. */
  readonly words: readonly Weighted[]
}

interface Question {
  readonly agentId: string
  readonly words: readonly QueryWord[]
  /** Has the words, and all else that the question asks for. */
  readonly filter: Filter<MessageDocument>
  readonly before: number | undefined
  /** Times that the question names. */
  readonly named: readonly Moments[]
}

/**
 * Which messages are ranked: all that have one of the rarer words. A word that many thousands have tells little of any one of them: it counts for messages that
 * have a rarer word too, and for the newest, or those of the time that the question names. So the work of a search hardly grows with the memory; where hardly any of
 * these pass the filters, `withNewest` goes through the lists.
 */
export async function soughtOf(collection: Collection<MessageDocument>, { agentId, words, filter, before, named }: Question): Promise<Sought> {
  const latestOfAll = latestSeq(collection, { agentId })
  const holdings = new Map<string, number>()
  const held = async (term: string): Promise<Held> => {
    const holding = await holdingOf(collection, agentId, term, latestOfAll)
    holdings.set(term, holding)
    return { term, holding }
  }
  const counting = Promise.all(words.map(async ({ word, stem }) => ({ word: await held(word), stem: stem === undefined ? undefined : await held(stem) })))
  const [all, counted] = await Promise.all([latestOfAll, counting])
  const weighted = weigh(counted, all)
  const terms = weighted.map(({ term }) => ({ term, holding: holdings.get(term) ?? 0 })).toSorted((one, other) => one.holding - other.holding)
  let room = gatheredEntries
  const over = terms.findIndex(({ holding }) => (room -= holding) < 0)
  if (over < 0) return { filter, whole: true, words: weighted }
  const [rare, frequent] = [terms.slice(0, over), terms.slice(over)]
  const messages = Math.ceil(windowEntries / frequent.reduce((sum, { holding }) => sum + holding / Math.max(1, all), 0))
  const latest = filter['time'] === undefined ? all : await latestSeq(collection, { agentId, time: filter['time'] }, 'time')
  const newest = Math.min(before ?? Infinity, latest + 1)
  const spans = await Promise.all(named.map(({ from, to }) => latestSeq(collection, { agentId, time: { $gte: new Date(from), $lt: new Date(to) } }, 'time')))
  const present = spans.filter((seq) => seq > 0).map((seq) => Math.min(newest, Math.max(seq + 1, messages)))
  const ends = present.length === 0 ? [newest] : present
  const branches = [
    ...(rare.length === 0 ? [] : [{ ...filter, words: among(rare) }]),
    // In place of `before`, which no window goes beyond.
    ...ends.map((end) => ({ ...filter, words: among(frequent), seq: { $gte: end - messages, $lt: end } })),
  ]
  return { filter: { $or: branches }, whole: false, words: weighted }
}

/** With the newest that have one of the words and pass the filters, whatever lies behind them in the lists; with all, where these are few. */
export async function withNewest(collection: Collection<MessageDocument>, { filter, sought }: { readonly filter: Filter<MessageDocument>; readonly sought: Sought }): Promise<Sought> {
  const newest = await collection.find<{ _id: string }>(filter, { projection: { _id: 1 }, sort: { seq: -1 }, limit: giving }).toArray()
  const these = { _id: { $in: newest.map(({ _id }) => _id) } }
  return newest.length < giving ? { ...sought, filter: these, whole: true } : { ...sought, filter: { $or: [sought.filter, these] } }
}

const among = (terms: readonly { readonly term: string }[]): { readonly $in: string[] } => ({ $in: terms.map(({ term }) => term) })

/** The highest number of those that pass, or that of the latest of them; 0 where there is none. */
async function latestSeq(collection: Collection<MessageDocument>, filter: Filter<MessageDocument>, by: 'seq' | 'time' = 'seq'): Promise<number> {
  return (await collection.findOne<{ seq: number }>(filter, { projection: { _id: 0, seq: 1 }, sort: { [by]: -1 } }))?.seq ?? 0
}

/** How many of an agent's messages have a term: counted, or of a frequent one taken from how many of the newest messages have it. */
async function holdingOf(collection: Collection<MessageDocument>, agentId: string, term: string, latest: Promise<number>): Promise<number> {
  const filter = { agentId, words: term }
  const counted = await collection.countDocuments(filter, { limit: countedEntries + 1 })
  if (counted <= countedEntries) return counted
  const oldest = await collection.findOne<{ seq: number }>(filter, { projection: { _id: 0, seq: 1 }, sort: { seq: -1 }, skip: countedEntries })
  const all = await latest
  return estimatedHolding({ counted, among: all - (oldest?.seq ?? 0) + 1, all })
}
