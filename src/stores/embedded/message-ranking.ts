import { giving, nearby, orderWithNeighbours, weigh, type Held, type Ranked, type Scored } from '../relevance.ts'
import { numberOf, textOf, totalOf } from './columns.ts'
import type { RangeOfTime } from './dated-ids.ts'
import type { Condition, EmbeddedDatabase } from './sql.ts'
import { SummedWeights } from './summed-weights.ts'
import type { Match } from './terms.ts'
import { armsOf, holdingOf, type Arm } from './word-arms.ts'

const latestSql = 'SELECT ifnull(max(seq), 0) AS total FROM message WHERE agent = ?'

/** A message that was found. */
export interface Hit {
  readonly id: number
  readonly seq: number
}

export interface Ranking {
  readonly counted: { readonly total: number; readonly atLeast?: true }
  /** How many of `said` were found. */
  readonly worded: number
  readonly ranked: readonly Scored<Hit>[]
}

const none: Ranking = { counted: { total: 0 }, worded: 0, ranked: [] }

interface RankingQuery {
  readonly agentId: string
  readonly matches: readonly Match[]
  readonly filters: Condition
  readonly before: number | undefined
  readonly range: RangeOfTime | undefined
  /** The length of the ranking that is asked for. */
  readonly most: number
  /** How many of them are counted. */
  readonly countedTo: number
  /** Ids of messages that pass the filters and are in the ranking in any case, if they have one of the words. */
  readonly said: readonly number[]
}

/** Of the best by their words so many are looked at, and more where these do not suffice: whether they pass the filters is in their rows, all over the file. */
const lookedAt = [2_500, 20_000, Infinity] as const

/**
 * The messages that have one of the words, best first, and how many they are: as `relevance.ts` ranks, with rarities among this agent's
 * messages. (FTS5's own ranking counts the messages of all agents.)
 */
export function rankMessages(database: EmbeddedDatabase, { agentId, matches, filters, before, range, most, countedTo, said }: RankingQuery): Ranking {
  const all = totalOf(database.row(latestSql, agentId))
  const holdings = new Map<string, number>()
  const held = (term: string): Held => {
    const holding = holdings.get(term) ?? holdingOf(database, term, all)
    holdings.set(term, holding)
    return { term, holding }
  }
  const words = weigh(matches.map(({ word, stem }) => ({ word: held(word), stem: stem === undefined ? undefined : held(stem) })), all)
  if (words.length === 0) return none
  const { arms, whole } = armsOf(database, words.map((word) => ({ ...word, holding: holdings.get(word.term) ?? 0 })), { agentId, before, range, all })
  const weights = weighMessages(database, arms)
  const long = Math.max(most, giving)
  for (const looked of lookedAt) {
    const found = passing(database, weights, { ids: weights.best(looked), filters })
    if (weights.size > looked && found.length < long) continue
    const best = found.toSorted((one, other) => other.own - one.own || other.seq - one.seq).slice(0, long)
    const { around, near } = aroundOf(database, weights, { agentId, before, filters, seqs: best.slice(0, giving).map(({ seq }) => seq) })
    const worded = passing(database, weights, { ids: said.filter((id) => weights.of(id) > 0), filters })
    const counted = whole && weights.size <= looked ? { total: found.length } : { total: Math.min(found.length, countedTo), atLeast: true as const }
    return { counted, worded: worded.length, ranked: orderWithNeighbours({ best, around, near: [...near, ...worded] }) }
  }
  return none
}

/** In one statement, so that all of it is of one moment, and as one row: to give each id to this side of the driver would take longer than to find it. */
function weighMessages(database: EmbeddedDatabase, arms: readonly Arm[]): SummedWeights {
  const row = database.row(`SELECT ${arms.map(({ sql }, place) => `(SELECT json_group_array(rowid) FROM message_words WHERE ${sql}) AS arm${place}`).join(', ')}`, ...arms.flatMap(({ values }) => values)) ?? {}
  const terms = [...new Set(arms.map(({ term }) => term))]
  return SummedWeights.of(arms.map(({ term, weight }, place) => ({ ids: numbersOf(row, `arm${place}`), term: terms.indexOf(term) + 1, weight })))
}

interface Found extends Ranked {
  readonly id: number
}

function passing(database: EmbeddedDatabase, weights: SummedWeights, { ids, filters }: { readonly ids: readonly number[]; readonly filters: Condition }): readonly Found[] {
  const row = database.row(
    `SELECT json_group_array(message.id) AS ids, json_group_array(message.seq) AS seqs, json_group_array(message.conversation) AS conversations
    FROM json_each(?) AS candidate CROSS JOIN message ON message.id = candidate.value WHERE ${filters.sql}`,
    JSON.stringify(ids), ...filters.values,
  ) ?? {}
  const [seqs, conversations] = [numbersOf(row, 'seqs'), numbersOf(row, 'conversations')]
  return numbersOf(row, 'ids').map((id, place) => ({ id, seq: seqs[place] ?? 0, own: 2 * weights.of(id) + (conversations[place] ?? 0) }))
}

const numbersOf = (row: Parameters<typeof textOf>[0], column: string): readonly number[] => JSON.parse(textOf(row, column)) as readonly number[]

/** The numbers of the conversation's messages that lie near those that give, and which of them were found. */
function aroundOf(
  database: EmbeddedDatabase,
  weights: SummedWeights,
  { agentId, before, filters, seqs }: { readonly agentId: string; readonly before: number | undefined; readonly filters: Condition; readonly seqs: readonly number[] },
): { readonly around: readonly number[]; readonly near: readonly Found[] } {
  const rows = database.rows(
    `SELECT DISTINCT message.id, message.seq, ${filters.sql} AS passes FROM json_each(?) AS middle
    CROSS JOIN message ON message.agent = ? AND message.seq BETWEEN middle.value - ${nearby} AND middle.value + ${nearby} WHERE message.conversation = 1 AND message.seq < ?`,
    ...filters.values, JSON.stringify(seqs), agentId, before ?? Number.MAX_SAFE_INTEGER,
  )
  const around = rows.map((row) => ({ id: numberOf(row, 'id'), seq: numberOf(row, 'seq'), passes: row['passes'] === 1 }))
  const near = around.filter(({ id, passes }) => passes && weights.of(id) > 0).map(({ id, seq }) => ({ id, seq, own: 2 * weights.of(id) + 1 }))
  return { around: around.map(({ seq }) => seq), near }
}
