import { formsOfTags, type EmbeddingSpace, type PassageHit, type PassageQuery } from '../archival.ts'
import { meantPassages, rankPassages } from '../passage-ranking.ts'
import { textOf } from './columns.ts'
import { allOf, type Condition, type EmbeddedDatabase, where } from './sql.ts'
import { assertSameSpace, assertVector, blobOf, storedSpace, type StoredSpace } from './embedding-space.ts'
import { countPassages } from './kept-counts.ts'
import { hitsOf, noDistance, searchLarge, similaritiesOf } from './large-passage-search.ts'
import { momentOf } from './moment.ts'
import type { SketchesOf } from './passage-sketches.ts'
import { weighPassages } from './passage-words.ts'

export interface FoundPassages {
  readonly total: number
  readonly hits: readonly PassageHit[]
}

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
  if (sketches !== undefined && sketches.width > 0) return searchLarge(database, { agentId, query, stored, sketches, filters: own.length === 0 ? undefined : allOf([...present, ...own]) })
  return searchSmall(database, { agentId, query, stored, filters })
}

const nearSql = (column: string, filters: string): string =>
  `SELECT json_group_array(id) AS ids, json_group_array(distance) AS distances FROM (
    SELECT id, CASE WHEN length(${column}) > 0 THEN ifnull(vector_distance_cos(${column}, ?), 1) ELSE ${noDistance} END AS distance FROM passage WHERE ${filters} ORDER BY id)`

/** The distances of all of an agent's passages are computed each time, so it is for few: of many, `searchLarge` compares sketches. Passages without a vector are the last. */
function searchSmall(database: EmbeddedDatabase, { agentId, query, stored, filters }: { readonly agentId: string; readonly query: PassageQuery; readonly stored: StoredSpace; readonly filters: Condition }): FoundPassages {
  const row = database.row(nearSql(stored.column, filters.sql), blobOf(query.vector), ...filters.values) ?? {}
  const ids = JSON.parse(textOf(row, 'ids')) as readonly number[]
  const distances = JSON.parse(textOf(row, 'distances')) as readonly number[]
  const distanceAt = (place: number): number => distances[place] ?? noDistance
  const nearest = [...ids.keys()].sort((one, other) => distanceAt(one) - distanceAt(other) || one - other)
  const similarities = similaritiesOf(nearest.slice(0, meantPassages).map(distanceAt))
  const weights = weighPassages(database, { agentId, words: query.words, ids, allowed: undefined, all: ids.length })
  const ranked = rankPassages({ count: ids.length, similarities, weightOf: weights && ((near) => weights[nearest[near] ?? 0] ?? 0), all: ids.length, end: query.offset + query.limit })
  return { total: ids.length, hits: hitsOf(database, ranked.slice(query.offset).map(({ near, score }) => ({ id: ids[nearest[near] ?? 0] ?? 0, score }))) }
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
