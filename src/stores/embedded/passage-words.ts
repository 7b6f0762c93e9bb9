import { countedEntries, estimatedHolding, type Held, weigh } from '../relevance.ts'
import { numberOf, textOf, totalOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { placeFrom } from './passage-sketches.ts'
import { passageMatchesOf } from './terms.ts'

/** So many entries of the lists of the rarest words are read, and that of the rarest however long it is. */
const readEntries = 100_000

const holdingSql = `SELECT count(*) AS total, min(id) AS oldest FROM (SELECT rowid AS id FROM passage_words WHERE passage_words MATCH ? ORDER BY rowid DESC LIMIT ${countedEntries + 1})`
const listSql = 'SELECT json_group_array(id) AS ids FROM (SELECT rowid AS id FROM passage_words WHERE passage_words MATCH ? ORDER BY rowid)'

interface Searched {
  readonly agentId: string
  readonly words: string
  /** Ascending. */
  readonly ids: readonly number[]
  /** 1 where a passage may be found, by its place in `ids`; undefined: all may. */
  readonly allowed: Uint8Array | undefined
  /** How many may be found. */
  readonly all: number
}

/**
 * What the words of a question count that each passage has, by its place in `ids`: a word and its stem as they are rare among those that may be found, as of
 * messages (`weigh`), however often a passage has them. (FTS5's own ranking counts the passages of all agents, and those that the filters leave out.) The most frequent are
 * left out where the lists of all are too long: what most passages have tells nothing of one of them. Undefined where no passage has one.
 */
export function weighPassages(database: EmbeddedDatabase, { agentId, words, ids, allowed, all }: Searched): Int32Array | undefined {
  const asked = passageMatchesOf(agentId, words)
  const terms = [...new Set(asked.flatMap(({ word, stem }) => (stem === undefined ? [word] : [word, stem])))]
    .map((term) => ({ term, holding: holdingOf(database, term, ids) }))
    .filter(({ holding }) => holding > 0)
    .toSorted((one, other) => one.holding - other.holding)
  if (terms.length === 0) return undefined
  const found = new Map<string, readonly number[]>()
  let room = readEntries
  for (const [place, { term, holding }] of terms.entries()) {
    room -= holding
    if (room < 0 && place > 0) break
    found.set(term, placesOf(JSON.parse(textOf(database.row(listSql, term) ?? {}, 'ids')) as readonly number[], ids).filter((at) => allowed?.[at] !== 0))
  }
  const held = (term: string): Held => ({ term, holding: found.get(term)?.length ?? 0 })
  const weights = new Int32Array(ids.length)
  for (const { term, weight } of weigh(asked.map(({ word, stem }) => ({ word: held(word), ...(stem !== undefined && { stem: held(stem) }) })), all)) {
    for (const at of found.get(term) ?? []) weights[at] = (weights[at] ?? 0) + weight
  }
  return weights
}

/** Both ascending: where the ones are among the others. */
function placesOf(some: readonly number[], ids: readonly number[]): number[] {
  const places: number[] = []
  let place = 0
  for (const id of some) {
    while ((ids[place] ?? Infinity) < id) place += 1
    if (ids[place] === id) places.push(place)
  }
  return places
}

function holdingOf(database: EmbeddedDatabase, term: string, ids: readonly number[]): number {
  const row = database.row(holdingSql, term)
  const counted = totalOf(row)
  if (row === undefined || counted <= countedEntries) return counted
  return estimatedHolding({ counted, among: ids.length - placeFrom(ids, numberOf(row, 'oldest')), all: ids.length })
}
