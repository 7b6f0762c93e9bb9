import { formsOfTags, type EmbeddingSpace, type Passage, type PassageHit, type PassageQuery } from '../archival.ts'
import { bodyOf, numberOf, totalOf } from './columns.ts'
import { allOf, type Condition, type EmbeddedDatabase, where } from './sql.ts'
import { assertSameSpace, assertVector, blobOf, storedSpace, type StoredSpace } from './embedding-space.ts'
import { countPassages } from './kept-counts.ts'
import { addedToPlace, searchLarge } from './large-passage-search.ts'
import { momentOf } from './moment.ts'
import type { SketchesOf } from './passage-sketches.ts'
import { matchOf } from './terms.ts'

export interface FoundPassages {
  readonly total: number
  readonly hits: readonly PassageHit[]
}

/**
 * Reciprocal rank fusion, exact: every passage that passes the filters has a place by distance, those with one of the words have a
 * place by relevance too, and the score is the sum of 1 / (60 + place). The distances of all of an agent's passages are computed
 * each time, so it is for few: of many, `searchLarge` compares sketches.
 * Places are by id where distances or relevances tie, so that pages are the same each time.
 */
const fusionSql = (column: string, filters: string, words: boolean): string => `
  WITH near AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY CASE WHEN length(${column}) > 0 THEN ifnull(vector_distance_cos(${column}, ?), 2) ELSE 2 END, id) AS place FROM passage WHERE ${filters}
  ), worded AS MATERIALIZED (
    ${words ? wordedSql(filters) : 'SELECT NULL AS id, NULL AS place'}
  ), page AS MATERIALIZED (
    SELECT near.id, 1.0 / (${addedToPlace} + near.place) + ifnull(1.0 / (${addedToPlace} + worded.place), 0) AS score
    FROM near LEFT JOIN worded ON worded.id = near.id ORDER BY score DESC, near.id LIMIT ? OFFSET ?
  )
  SELECT passage.body, page.score FROM page CROSS JOIN passage ON passage.id = page.id ORDER BY page.score DESC, page.id`

const wordedSql = (filters: string): string => `
    SELECT id, row_number() OVER (ORDER BY relevance, id) AS place FROM (
      SELECT passage.id, passage_words.rank AS relevance FROM passage_words CROSS JOIN passage ON passage.id = passage_words.rowid
      WHERE passage_words MATCH ? AND ${filters})`

/** An agent that has more present passages is searched by their sketches. */
const comparedWhole = 2_000

export function searchPassages(database: EmbeddedDatabase, sketchesOf: SketchesOf, search: { readonly agentId: string; readonly query: PassageQuery; readonly space: EmbeddingSpace }): FoundPassages {
  const { query, space } = search
  assertVector(query.vector, space)
  const stored = storedSpace(database)
  if (stored === undefined) return { total: 0, hits: [] }
  assertSameSpace(stored, space)
  const found = searchIn(database, sketchesOf, { ...search, stored })
  // Another process may have put another model in force between these statements.
  assertSameSpace(storedSpace(database) ?? stored, space)
  return found
}

function searchIn(database: EmbeddedDatabase, sketchesOf: SketchesOf, { agentId, query, stored }: { readonly agentId: string; readonly query: PassageQuery; readonly stored: StoredSpace }): FoundPassages {
  const present = where('superseded = ?', query.superseded ? undefined : 0)
  const own = ownFiltersOf(query)
  const filters = allOf([...where('agent = ?', agentId), ...present, ...own])
  const passages = countPassages(database, agentId)
  const sketches = passages > comparedWhole ? sketchesOf(agentId, stored.column) : undefined
  if (sketches !== undefined && sketches.missing === 0) return searchLarge(database, { agentId, query, stored, sketches, filters: own.length === 0 ? undefined : allOf([...present, ...own]) })
  const match = matchOf(agentId, query.words)
  const rows = database.rows(
    fusionSql(stored.column, filters.sql, match !== undefined),
    blobOf(query.vector), ...filters.values, ...(match === undefined ? [] : [match, ...filters.values]), query.limit, query.offset,
  )
  const total = own.length === 0 && query.superseded !== true ? passages : totalOf(database.row(`SELECT count(*) AS total FROM passage WHERE ${filters.sql}`, ...filters.values))
  return { total, hits: rows.map((row) => ({ passage: bodyOf(row) as Passage, score: numberOf(row, 'score') })) }
}

/** What a query asks beside that passages are the agent's, and present. */
function ownFiltersOf(query: PassageQuery): readonly Condition[] {
  const tags = query.tags === undefined || query.tags.length === 0 ? undefined : formsOfTags(query.tags)
  return [
    ...where('source = ?', query.source === undefined ? undefined : JSON.stringify(query.source)),
    ...where('at >= ?', query.from === undefined ? undefined : momentOf('from', query.from)),
    ...where('at < ?', query.to === undefined ? undefined : momentOf('to', query.to)),
    ...(tags === undefined ? [] : [taggedWith(tags)]),
  ]
}

/** Most passages have none of them, which their text alone says: to read it as JSON takes ten times as long. */
function taggedWith(tags: readonly string[]): Condition {
  const written = tags.map(() => 'instr(tags, ?) > 0').join(' OR ')
  return { sql: `(${written}) AND EXISTS (SELECT 1 FROM json_each(tags) WHERE value IN (SELECT value FROM json_each(?)))`, values: [...tags.map((tag) => JSON.stringify(tag)), JSON.stringify(tags)] }
}
