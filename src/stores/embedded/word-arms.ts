import { countedEntries, estimatedHolding, type Weighted } from '../relevance.ts'
import { numberOf, totalOf } from './columns.ts'
import type { RangeOfTime, SpanOfIds } from './dated-ids.ts'
import type { Condition, EmbeddedDatabase } from './sql.ts'

/** So many entries of the lists of the rarer words are read. */
const gatheredEntries = 120_000
/** With the lists of the rarest, of so many entries, those of frequent words are compared. */
const rareEntries = 60_000
/** So many entries of frequent words are read of the newest messages. */
const windowEntries = 10_000
/** A question of more frequent words is answered by the rarest of them. */
const mostFrequentWords = 6

const holdingSql = `SELECT count(*) AS total, min(id) AS oldest FROM (
  SELECT rowid AS id FROM message_words WHERE message_words MATCH ? ORDER BY rowid DESC LIMIT ${countedEntries + 1})`
const seqSql = 'SELECT seq FROM message WHERE id = ?'

/** How many of an agent's messages have a term: counted, or of a frequent one taken from how many of the newest messages have it. */
export function holdingOf(database: EmbeddedDatabase, term: string, all: number): number {
  const row = database.row(holdingSql, term)
  const counted = totalOf(row)
  if (row === undefined || counted <= countedEntries) return counted
  const seq = numberOf(database.row(seqSql, numberOf(row, 'oldest')) ?? { seq: 0 }, 'seq')
  return estimatedHolding({ counted, among: all - seq + 1, all })
}

/** A part of the index that a term is read from: a condition of `message_words`. */
export interface Arm extends Weighted, Condition {}

export interface Arms {
  /** One term may have several, and a message be in more than one of them. */
  readonly arms: readonly Arm[]
  /** They give every message that has one of the terms. */
  readonly whole: boolean
}

export interface HeldTerm extends Weighted {
  readonly holding: number
}

interface Sought {
  readonly agentId: string
  readonly before: number | undefined
  readonly range: RangeOfTime | undefined
  /** Of times that the question names. */
  readonly spans: readonly SpanOfIds[]
  /** How many messages the agent has, about. */
  readonly all: number
  /** Ids of messages that were meant: they may have a frequent word, and lie outside of what is read of its list. */
  readonly said: readonly number[]
}

/**
 * Where the words of a question are in the index. Lists of words that are not frequent are read whole. A word that many thousands of messages have tells
 * little of any one of them: it counts for messages that have the rarest words of the question too, and for the newest, or those
 * of the time that the question names. So a question takes hardly longer in a memory of a million messages than in one of a hundred thousand.
 */
export function armsOf(database: EmbeddedDatabase, terms: readonly HeldTerm[], sought: Sought): Arms {
  const { all, range, said } = sought
  const within = range?.all && { from: range.all.first, to: range.all.last }
  const expected = ({ holding }: HeldTerm): number => (range?.all === undefined ? holding : (holding * range.all.messages) / Math.max(1, all))
  const sorted = terms.toSorted((one, other) => one.holding - other.holding)
  const read = fitting(sorted, gatheredEntries, expected)
  const arms = sorted.slice(0, read).map((term) => arm(term, term.term, within))
  const frequent = sorted.slice(read, read + mostFrequentWords)
  if (frequent.length === 0) return { arms, whole: true }
  const rare = sorted.slice(0, fitting(sorted.slice(0, read), rareEntries, expected)).map(({ term }) => term)
  const windows = windowsOf(database, frequent, sought)
  for (const term of frequent) {
    if (rare.length > 0) arms.push(arm(term, `${term.term} AND (${rare.join(' OR ')})`, within))
    for (const window of windows) arms.push(arm(term, term.term, window))
    if (said.length > 0) arms.push(armAmong(term, said))
  }
  return { arms, whole: false }
}

/** How many of the first terms have so many entries together at most. */
function fitting(terms: readonly HeldTerm[], entries: number, expected: (term: HeldTerm) => number): number {
  let room = entries
  const over = terms.findIndex((term) => (room -= expected(term)) < 0)
  return over < 0 ? terms.length : over
}

/** Ids, both included. */
interface Window {
  readonly from: number
  readonly to: number
}

function arm({ term, weight }: Weighted, match: string, within?: Window): Arm {
  const sql = 'message_words MATCH ?'
  return within === undefined ? { term, weight, sql, values: [match] } : { term, weight, sql: `${sql} AND rowid BETWEEN ? AND ?`, values: [match, within.from, within.to] }
}

/** What a word counts of messages that were found otherwise. */
export const armAmong = ({ term, weight }: Weighted, ids: readonly number[]): Arm => ({ term, weight, sql: 'message_words MATCH ? AND rowid IN (SELECT value FROM json_each(?))', values: [term, JSON.stringify(ids)] })

const idFromSql = 'SELECT id FROM message WHERE agent = ? AND seq >= ? ORDER BY seq LIMIT 1'

/**
 * Ids of messages that may be found, so many as have about `windowEntries` of the words: of the newest, or of those up to the end of each time that the
 * question names. To read each window of each word takes 5 ms at a million messages, so that there is no other.
 */
function windowsOf(database: EmbeddedDatabase, frequent: readonly HeldTerm[], { agentId, before, range, spans, all }: Sought): readonly Window[] {
  const messages = Math.floor(windowEntries / frequent.reduce((sum, { holding }) => sum + holding / all, 0))
  const dated = range && database.row(seqSql, range.last)
  const newest = Math.min(before ?? Infinity, dated === undefined ? Infinity : numberOf(dated, 'seq') + 1, all + 1)
  const idFrom = (seq: number): number | undefined => {
    const row = database.row(idFromSql, agentId, seq)
    return row && numberOf(row, 'id')
  }
  const ends = spans.length === 0 ? [newest] : spans.map(({ lastSeq }) => Math.min(newest, Math.max(lastSeq + 1, messages)))
  return ends.map((end) => ({ from: idFrom(end - messages) ?? 0, to: idFrom(end) ?? Number.MAX_SAFE_INTEGER }))
}
