import type { Collection, Document, Filter } from 'mongodb'
import { messageOf, type MessageForm } from '../message-form.ts'
import { mergeRanges } from '../message-numbers.ts'
import { giving, nearby, orderWithNeighbours, saidThen, type Moments, type Ranked, type Scored, type Weighted } from '../relevance.ts'
import { comparedTexts, putRepeatsBehind, sayingOf, Sayings } from '../repeats.ts'
import type { MessageDocument } from './message-document.ts'
import type { Sought } from './sought-words.ts'

/** A message that was found. */
export interface Hit extends Pick<Ranked, 'seq' | 'raise'> {
  readonly _id: string
  readonly saying: string
}

interface Placed extends Ranked {
  readonly _id: string
}

interface Found extends Placed, Hit {}

/** Of this `sayingOf` is made. `text`: of messages of schemas up to 3. */
export const sayingFields = { role: 1, kind: 1, reply: 1, content: 1, text: 1 } as const

export type SayingForm = Pick<MessageForm, 'role' | 'kind' | 'reply' | 'content'>

type Read = Placed & SayingForm

/** The form's other fields were not read, and say nothing. */
export const sayingOfForm = (form: SayingForm): string => sayingOf(messageOf(form as MessageForm))

const foundOf = ({ _id, seq, raise, own, ...form }: Read): Found => ({ _id, seq, raise, own, saying: sayingOfForm(form) })

/** What was said to the agent and by it. */
export const ofConversation: Filter<MessageDocument> = { $or: [{ eventId: { $exists: true } }, { reply: { $exists: true } }] }

/**
 * The messages that are sought, best first: as `relevance.ts` ranks, with rarities among this agent's messages.
 * @param filter has the words
 * @param named times that the question names
 * @param most the length of the ranking that is asked for
 * @param said ids of messages that are in the ranking in any case, if they pass the filter
 */
export async function rankMessages(
  collection: Collection<MessageDocument>,
  { agentId, sought, filter, before, named, most, said }: { readonly agentId: string; readonly sought: Sought; readonly filter: Filter<MessageDocument>; readonly before: number | undefined; readonly named: readonly Moments[]; readonly most: number; readonly said: readonly string[] },
): Promise<readonly Scored<Hit>[]> {
  const own = ownOf(sought.words, named)
  // Without what they say: thousands of long texts may be more than a server sorts in memory.
  const bestOf = (count: number): Promise<readonly Placed[]> => collection.aggregate<Placed>([{ $match: sought.filter }, { $project: own }, { $sort: { own: -1, seq: -1 } }, { $limit: count }]).toArray()
  const find = async (where: Filter<MessageDocument>): Promise<readonly Found[]> => (await collection.aggregate<Read>([{ $match: where }, { $project: { ...sayingFields, ...own } }]).toArray()).map(foundOf)
  const { sayings, rest } = await tellApart(collection, Math.max(most, giving), bestOf)
  const best = sayings.firsts
  const saidToo = said.length === 0 ? [] : await find({ $and: [filter, { _id: { $in: [...said] } }] })
  const windows = mergeRanges(best.slice(0, giving).map(({ seq }) => [seq - nearby, Math.min(seq + nearby, (before ?? Infinity) - 1)]))
  if (windows.length === 0) return []
  const within = { $or: windows.map(([from, to]) => ({ seq: { $gte: from, $lte: to } })) }
  const [around, near] = await Promise.all([
    collection.find<{ seq: number }>({ $and: [{ agentId }, within, ofConversation] }, { projection: { _id: 0, seq: 1 } }).toArray(),
    find({ $and: [{ agentId }, within, ofConversation, filter] }),
  ])
  const ordered = orderWithNeighbours({ best, around: around.map(({ seq }) => seq), near, said: saidToo, sayingOfHit: ({ saying }) => saying })
  return putRepeatsBehind({ ordered, again: sayings.again, rest, sayingOfHit: ({ saying }) => saying })
}

/** So many are read where the first do not suffice: most memories say little twice. */
const readNext = 1_000

/** Until so many say something that those before them do not, or all are compared that may be. */
async function tellApart(collection: Collection<MessageDocument>, wanted: number, bestOf: (count: number) => Promise<readonly Placed[]>): Promise<{ readonly sayings: Sayings<Found>; readonly rest: readonly Found[] }> {
  for (const count of [wanted, readNext, comparedTexts]) {
    if (count < wanted) continue
    const best = await bestOf(count)
    const sayings = new Sayings<Found>()
    for (const one of await withSayings(collection, best.slice(0, comparedTexts))) sayings.add(one, one.saying)
    if (sayings.firsts.length >= wanted || best.length < count || count >= comparedTexts) return { sayings, rest: best.slice(comparedTexts).map(unread) }
  }
  return { sayings: new Sayings(), rest: [] }
}

async function withSayings(collection: Collection<MessageDocument>, placed: readonly Placed[]): Promise<readonly Found[]> {
  const forms = await collection.find<SayingForm & { readonly _id: string }>({ _id: { $in: placed.map(({ _id }) => _id) } }, { projection: { _id: 1, ...sayingFields } }).toArray()
  const sayings = new Map(forms.map(({ _id, ...form }) => [_id, sayingOfForm(form)]))
  return placed.map((one) => ({ ...one, saying: sayings.get(one._id) ?? unread(one).saying }))
}

/** Says what no other says. */
const unread = (placed: Placed): Found => ({ ...placed, saying: `not read: ${placed._id}` })

/** The fields of `Placed`. */
function ownOf(words: readonly Weighted[], named: readonly Moments[]): Document {
  const counted = words.map(({ term, weight }) => ({ $cond: [{ $in: [{ $literal: term }, '$words'] }, 2 * weight, 0] }))
  const own = { $add: [...counted, { $cond: [{ $ifNull: ['$eventId', '$reply'] }, 1, 0] }] }
  if (named.length === 0) return { seq: 1, raise: { $literal: 1 }, own }
  const then = named.map(({ from, to }) => ({ $and: [{ $gte: ['$time', new Date(from)] }, { $lt: ['$time', new Date(to)] }] }))
  const raise = { $cond: [{ $or: then }, saidThen, 1] }
  return { seq: 1, raise, own: { $multiply: [raise, own] } }
}
