import { rarity } from '../relevance.ts'
import { numberOf, textOf, totalOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { placeFrom } from './passage-sketches.ts'
import { SummedWeights } from './summed-weights.ts'
import { queryTermsOf } from './terms.ts'

/** A list that is longer is not counted: how long it is follows from how far back its newest entries reach. */
const countedEntries = 5_000
/** So many entries of the lists of the rarest words are read, and that of the rarest however long it is. */
const readEntries = 100_000

const holdingSql = `SELECT count(*) AS total, min(id) AS oldest FROM (SELECT rowid AS id FROM passage_words WHERE passage_words MATCH ? ORDER BY rowid DESC LIMIT ${countedEntries + 1})`
const listSql = 'SELECT json_group_array(rowid) AS ids FROM passage_words WHERE passage_words MATCH ?'

/** So many hits are ranked by FTS5, by how often the words are in them too. */
const rankedHits = 20_000
const rankingSql = 'SELECT rowid AS id FROM passage_words WHERE passage_words MATCH ? ORDER BY rank, rowid LIMIT ?'

/** Passages by the words of a question: as a ranking where they are few, and else by what the words count that each has. */
export type ByWords = { readonly ranking: readonly number[] } | { readonly weights: SummedWeights }

/**
 * Of many hits a word counts as it is rare, however often a passage has it. The most frequent words are left out where the lists of all are too
 * long: what most passages have tells nothing of one of them.
 * @param ids of all the agent's passages, ascending
 * @param most the length of the ranking
 */
export function passagesByWords(database: EmbeddedDatabase, { agentId, words, ids, most }: { readonly agentId: string; readonly words: string; readonly ids: readonly number[]; readonly most: number }): ByWords {
  const terms = queryTermsOf(agentId, words)
    .map((term) => ({ term, holding: holdingOf(database, term, ids) }))
    .filter(({ holding }) => holding > 0)
    .toSorted((one, other) => one.holding - other.holding)
  const hits = terms.reduce((sum, { holding }) => sum + holding, 0)
  if (hits === 0) return { ranking: [] }
  if (hits <= rankedHits) return { ranking: database.rows(rankingSql, terms.map(({ term }) => term).join(' OR '), most).map((row) => numberOf(row, 'id')) }
  let room = readEntries
  const read = terms.filter(({ holding }, place) => (room -= holding) >= 0 || place === 0)
  const lists = read.map(({ term, holding }, place) => ({ ids: JSON.parse(textOf(database.row(listSql, term) ?? {}, 'ids')) as readonly number[], term: place + 1, weight: rarity(holding, ids.length) }))
  return { weights: SummedWeights.of(lists) }
}

function holdingOf(database: EmbeddedDatabase, term: string, ids: readonly number[]): number {
  const row = database.row(holdingSql, term)
  const counted = totalOf(row)
  if (row === undefined || counted <= countedEntries) return counted
  return Math.round((counted * ids.length) / Math.max(1, ids.length - placeFrom(ids, numberOf(row, 'oldest'))))
}
