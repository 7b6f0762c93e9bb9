import { fewest, giving, nearby, orderWithNeighbours, raiseOf, weigh, type Held, type Moments, type Ranked, type Scored } from '../relevance.ts'
import { comparedTexts, putRepeatsBehind, Sayings } from '../repeats.ts'
import { numberOf, textOf, totalOf } from './columns.ts'
import { spanOf, type RangeOfTime, type SpanOfIds } from './dated-ids.ts'
import { allOf, where, type Condition, type EmbeddedDatabase } from './sql.ts'
import type { ReadSayings } from './sayings.ts'
import { SummedWeights } from './summed-weights.ts'
import { wholeWeights } from './whole-weights.ts'
import type { Weights } from './weights.ts'
import type { Match } from './terms.ts'
import { armAmong, armsOf, holdingOf, type Arm } from './word-arms.ts'

const latestSql = 'SELECT ifnull(max(seq), 0) AS total FROM message WHERE agent = ?'

/** A message that was found. */
export interface Hit {
  readonly id: number
  readonly seq: number
  readonly raise: number
}

export interface Ranking {
  readonly counted: { readonly total: number; readonly atLeast?: true }
  readonly ranked: readonly Scored<Hit>[]
}

const none: Ranking = { counted: { total: 0 }, ranked: [] }

interface RankingQuery {
  readonly agentId: string
  readonly matches: readonly Match[]
  readonly filters: Condition
  readonly before: number | undefined
  readonly range: RangeOfTime | undefined
  /** Times that the question names. */
  readonly named: readonly Moments[]
  /** The length of the ranking that is asked for. */
  readonly most: number
  /** How many of them are counted. */
  readonly countedTo: number
  /** Ids of messages that pass the filters and are in the ranking in any case, if they have one of the words. */
  readonly said: readonly number[]
  readonly sayings: ReadSayings
}

/** Of the best by their words so many are looked at, and more where these do not suffice: whether they pass the filters is in their rows, all over the file. */
const lookedAt = [2_500, 20_000, Infinity] as const
/** So many are looked at for a far page where more have one of the words: a row of each of a million takes a second. */
const mostWhole = 120_000

/**
 * The messages that have one of the words, best first, and how many they are: as `relevance.ts` ranks, with rarities among this agent's
 * messages. (FTS5's own ranking counts the messages of all agents.)
 */
export function rankMessages(database: EmbeddedDatabase, query: RankingQuery): Ranking {
  const { agentId, matches, filters, before, range, named, said } = query
  const all = totalOf(database.row(latestSql, agentId))
  const holdings = new Map<string, number>()
  const held = (term: string): Held => {
    const holding = holdings.get(term) ?? holdingOf(database, term, all)
    holdings.set(term, holding)
    return { term, holding }
  }
  const words = weigh(matches.map(({ word, stem }) => ({ word: held(word), stem: stem === undefined ? undefined : held(stem) })), all)
  if (words.length === 0) return none
  const spans = named.flatMap((moments) => spanOf(database, agentId, moments) ?? [])
  const terms = words.map((word) => ({ ...word, holding: holdings.get(word.term) ?? 0 }))
  const weights = wholeWeights(database, terms, { agentId, before, range })
  if (weights !== undefined) {
    const isSmall = weights.size <= mostWhole
    const ranking = rank(database, { weights, whole: true, ...(isSmall ? looksAtAll : looksAtBest) }, spans, query)
    if (isSmall || ranking.passed >= fewest) return ranking
  }
  const { arms, whole } = armsOf(database, terms, { agentId, before, range, spans, all, said })
  const ranking = rank(database, { weights: weighMessages(database, arms), whole, ...looksAtAll }, spans, query)
  if (whole || ranking.passed >= fewest) return ranking
  const newest = newestPassing(database, { terms: words.map(({ term }) => term), filters, range })
  // Fewer than were asked for: no other passes.
  const among = [...arms, ...words.map((word) => armAmong(word, newest))]
  return rank(database, { weights: weighMessages(database, among), whole: newest.length < giving, ...looksAtAll }, spans, query)
}

function newestPassing(database: EmbeddedDatabase, { terms, filters, range }: Pick<RankingQuery, 'filters' | 'range'> & { readonly terms: readonly string[] }): readonly number[] {
  const { sql, values } = allOf([...where('message_words MATCH ?', terms.join(' OR ')), ...where('message_words.rowid <= ?', range?.last), filters])
  const rows = database.rows(`SELECT message.id FROM message_words CROSS JOIN message ON message.id = message_words.rowid WHERE ${sql} ORDER BY message_words.rowid DESC LIMIT ${giving}`, ...values)
  return rows.map((row) => numberOf(row, 'id'))
}

interface PassingRanking extends Ranking {
  readonly passed: number
}

interface Looks {
  /** One after the other, until one suffices. */
  readonly looks: readonly number[]
  /** For a far page. */
  readonly deepest: number
}

const looksAtAll: Looks = { looks: lookedAt, deepest: Infinity }
const looksAtBest: Looks = { looks: lookedAt.slice(0, -1), deepest: mostWhole }

interface Weighed extends Looks {
  readonly weights: Weights
  /** They have every message that has one of the words. */
  readonly whole: boolean
}

function rank(database: EmbeddedDatabase, { weights, whole, looks, deepest }: Weighed, spans: readonly SpanOfIds[], { agentId, filters, before, named, most, countedTo, said, sayings }: RankingQuery): PassingRanking {
  const look = (ids: readonly number[]): readonly Found[] => passing(database, weights, { ids, filters, named }).toSorted((one, other) => other.own - one.own || other.seq - one.seq)
  for (const looked of looks) {
    const ids = bestOf(weights, looked, spans)
    const found = look(ids)
    const { firsts, again, compared } = tellApart(found, Math.max(most, giving), sayings)
    // Whichever page is asked for: pages are of one order.
    if (looked !== looks.at(-1) && weights.size > looked && firsts.length < giving && compared < comparedTexts) continue
    const further = lookFurther(weights, { ids, spans, deepest, wanted: most - found.length, look })
    const { around, near } = aroundOf(database, weights, { agentId, before, filters, named, seqs: firsts.slice(0, giving).map(({ seq }) => seq) })
    const worded = look(said.filter((id) => weights.of(id) > 0))
    const order = (rising: readonly Found[]): readonly Scored<Found>[] => orderWithNeighbours({ best: firsts, around, near: rising, said: worded, sayingOfHit: (hit) => sayings.of(hit) })
    // Of all that are near, few rise: what only these say is read.
    const rising = order(near).map(({ hit }) => hit)
    sayings.read(rising)
    const ordered = order(rising)
    const total = found.length + further.found.length
    const counted = whole && weights.size <= Math.max(looked, further.looked) ? { total } : { total: Math.min(total, countedTo), atLeast: true as const }
    return { counted, passed: found.length, ranked: putRepeatsBehind({ ordered, again, rest: [...found.slice(compared), ...further.found], sayingOfHit: (hit) => sayings.of(hit) }) }
  }
  return { ...none, passed: 0 }
}

/** So many texts are read at once where the first do not suffice: most memories say little twice. */
const textsAtOnce = 200

/** Until so many say something that those before them do not, or all are compared that may be. */
function tellApart(found: readonly Found[], wanted: number, sayings: ReadSayings): Sayings<Found> {
  const apart = new Sayings<Found>()
  while (apart.firsts.length < wanted && apart.compared < Math.min(found.length, comparedTexts)) {
    const next = found.slice(apart.compared, Math.min(apart.compared + (apart.compared === 0 ? wanted : textsAtOnce), comparedTexts))
    sayings.read(next)
    for (const hit of next) apart.add(hit, sayings.of(hit))
  }
  return apart
}

/** Those that were not looked at yet, by what they count, so many as are wanted: the order of those before them stays what it is. */
function lookFurther(
  weights: Weights,
  { ids, spans, deepest, wanted, look }: { readonly ids: readonly number[]; readonly spans: readonly SpanOfIds[]; readonly deepest: number; readonly wanted: number; readonly look: (ids: readonly number[]) => readonly Found[] },
): { readonly found: readonly Found[]; readonly looked: number } {
  const before = new Set(ids)
  const found: Found[] = []
  let looked = 0
  for (const deeper of lookedAt.map((count) => Math.min(count, deepest))) {
    if (found.length >= wanted || looked >= weights.size) break
    const next = bestOf(weights, deeper, spans).filter((id) => !before.has(id))
    found.push(...look(next))
    for (const id of next) before.add(id)
    looked = deeper
  }
  return { found, looked }
}

/** In one statement, so that all of it is of one moment, and as one row: to give each id to this side of the driver would take longer than to find it. */
function weighMessages(database: EmbeddedDatabase, arms: readonly Arm[]): SummedWeights {
  const row = database.row(`SELECT ${arms.map(({ sql }, place) => `(SELECT json_group_array(rowid) FROM message_words WHERE ${sql}) AS arm${place}`).join(', ')}`, ...arms.flatMap(({ values }) => values)) ?? {}
  const terms = [...new Set(arms.map(({ term }) => term))]
  return SummedWeights.of(arms.map(({ term, weight }, place) => ({ ids: numbersOf(row, `arm${place}`), term: terms.indexOf(term) + 1, weight })))
}

/** Of the best, and of each time that the question names a fifth as many: these are raised, so that those far behind the first of them matter less. */
function bestOf(weights: Weights, count: number, spans: readonly SpanOfIds[]): readonly number[] {
  const best = weights.best(count)
  return spans.length === 0 || weights.size <= count ? best : [...new Set([...best, ...spans.flatMap((span) => weights.best(count / 5, { from: span.first, to: span.last }))])]
}

interface Found extends Ranked {
  readonly id: number
}

function passing(
  database: EmbeddedDatabase,
  weights: Weights,
  { ids, filters, named }: { readonly ids: readonly number[]; readonly filters: Condition; readonly named: readonly Moments[] },
): readonly Found[] {
  const row = database.row(
    `SELECT json_group_array(message.id) AS ids, json_group_array(message.seq) AS seqs, json_group_array(message.conversation) AS conversations,
      json_group_array(message.at) AS times
    FROM json_each(?) AS candidate CROSS JOIN message ON message.id = candidate.value WHERE ${filters.sql}`,
    JSON.stringify(ids), ...filters.values,
  ) ?? {}
  const [seqs, conversations, times] = [numbersOf(row, 'seqs'), numbersOf(row, 'conversations'), numbersOf(row, 'times')]
  return numbersOf(row, 'ids').map((id, place) => {
    const raise = raiseOf(times[place] ?? 0, named)
    return { id, seq: seqs[place] ?? 0, raise, own: raise * (2 * weights.of(id) + (conversations[place] ?? 0)) }
  })
}

const numbersOf = (row: Parameters<typeof textOf>[0], column: string): readonly number[] => JSON.parse(textOf(row, column)) as readonly number[]

/** The numbers of the conversation's messages that lie near those that give, and which of them were found. */
function aroundOf(
  database: EmbeddedDatabase,
  weights: Weights,
  { agentId, before, filters, named, seqs }: Pick<RankingQuery, 'agentId' | 'before' | 'filters' | 'named'> & { readonly seqs: readonly number[] },
): { readonly around: readonly number[]; readonly near: readonly Found[] } {
  const row = database.row(
    `SELECT json_group_array(json_array(id, seq, at, passes)) AS around FROM (SELECT DISTINCT message.id, message.seq, message.at, ${filters.sql} AS passes FROM json_each(?) AS middle
    CROSS JOIN message ON message.agent = ? AND message.seq BETWEEN middle.value - ${nearby} AND middle.value + ${nearby} WHERE message.conversation = 1 AND message.seq < ?)`,
    ...filters.values, JSON.stringify(seqs), agentId, before ?? Number.MAX_SAFE_INTEGER,
  ) ?? {}
  const around = (JSON.parse(textOf(row, 'around')) as readonly (readonly [number, number, number, 0 | 1])[]).map(([id, seq, at, passes]) => ({ id, seq, raise: raiseOf(at, named), passes: passes === 1 }))
  const near = around.filter(({ id, passes }) => passes && weights.of(id) > 0).map(({ id, seq, raise }) => ({ id, seq, raise, own: raise * (2 * weights.of(id) + 1) }))
  return { around: around.map(({ seq }) => seq), near }
}
