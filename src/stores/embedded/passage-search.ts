import { formsOfTags, type EmbeddingSpace, type Passage, type PassageHit, type PassageQuery } from '../archival.ts'
import { bodyOf, numberOf, totalOf } from './columns.ts'
import { allOf, type Condition, type EmbeddedDatabase, where } from './sql.ts'
import { assertSameSpace, assertVector, blobOf, storedSpace } from './embedding-space.ts'
import { momentOf } from './moment.ts'
import { matchOf } from './terms.ts'

export interface FoundPassages {
  readonly total: number
  readonly hits: readonly PassageHit[]
}

/**
 * Reciprocal rank fusion, exact: every passage that passes the filters has a place by distance, those with one of the words have a
 * place by relevance too, and the score is the sum of 1 / (60 + place). The distances of all of an agent's passages are computed
 * each time: about 0.1 s for 20,000 of 384 dimensions; for many more, the other set of stores has an index.
 * Places are by id where distances or relevances tie, so that pages are the same each time.
 */
const fusionSql = (column: string, filters: string, words: boolean): string => `
  WITH near AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY CASE WHEN length(${column}) > 0 THEN ifnull(vector_distance_cos(${column}, ?), 2) ELSE 2 END, id) AS place FROM passage WHERE ${filters}
  ), worded AS MATERIALIZED (
    ${words ? wordedSql(filters) : 'SELECT NULL AS id, NULL AS place'}
  ), page AS MATERIALIZED (
    SELECT near.id, 1.0 / (60 + near.place) + ifnull(1.0 / (60 + worded.place), 0) AS score
    FROM near LEFT JOIN worded ON worded.id = near.id ORDER BY score DESC, near.id LIMIT ? OFFSET ?
  )
  SELECT passage.body, page.score FROM page CROSS JOIN passage ON passage.id = page.id ORDER BY page.score DESC, page.id`

const wordedSql = (filters: string): string => `
    SELECT id, row_number() OVER (ORDER BY relevance, id) AS place FROM (
      SELECT passage.id, passage_words.rank AS relevance FROM passage_words CROSS JOIN passage ON passage.id = passage_words.rowid
      WHERE passage_words MATCH ? AND ${filters})`

export function searchPassages(database: EmbeddedDatabase, agentId: string, query: PassageQuery, space: EmbeddingSpace): FoundPassages {
  assertVector(query.vector, space)
  const stored = storedSpace(database)
  if (stored === undefined) return { total: 0, hits: [] }
  assertSameSpace(stored, space)

  const filters = allOf(filtersOf(agentId, query))
  const match = matchOf(agentId, query.words)
  const counted = database.row(`SELECT count(*) AS total FROM passage WHERE ${filters.sql}`, ...filters.values)
  const rows = database.rows(
    fusionSql(stored.column, filters.sql, match !== undefined),
    blobOf(query.vector), ...filters.values, ...(match === undefined ? [] : [match, ...filters.values]), query.limit, query.offset,
  )
  // Another process may have put another model in force between these statements.
  assertSameSpace(storedSpace(database) ?? stored, space)
  return { total: totalOf(counted), hits: rows.map((row) => ({ passage: bodyOf(row) as Passage, score: numberOf(row, 'score') })) }
}

function filtersOf(agentId: string, query: PassageQuery): readonly Condition[] {
  const tags = query.tags === undefined || query.tags.length === 0 ? undefined : JSON.stringify(formsOfTags(query.tags))
  return [
    ...where('agent = ?', agentId),
    ...where('superseded = ?', query.superseded ? undefined : 0),
    ...where('source = ?', query.source === undefined ? undefined : JSON.stringify(query.source)),
    ...where('at >= ?', query.from === undefined ? undefined : momentOf('from', query.from)),
    ...where('at < ?', query.to === undefined ? undefined : momentOf('to', query.to)),
    ...where('EXISTS (SELECT 1 FROM json_each(tags) WHERE value IN (SELECT value FROM json_each(?)))', tags),
  ]
}
