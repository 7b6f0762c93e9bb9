import type { Passage, PassageHit, PassageQuery } from '../archival.ts'
import { meantPassages, rankPassages } from '../passage-ranking.ts'
import { bodyOf, numberOf, textOf } from './columns.ts'
import { blobOf, type StoredSpace } from './embedding-space.ts'
import { distancesOf, nearestFirst, placeOfId, sketchBits, type Sketches } from './passage-sketches.ts'
import { weighPassages } from './passage-words.ts'
import type { Condition, EmbeddedDatabase } from './sql.ts'

/** Of the passages whose sketches are nearest so many are compared exactly, whichever page is asked for: else a passage could be on two pages, and another on none. */
const comparedExactly = 1_500

interface LargeSearch {
  readonly agentId: string
  readonly query: PassageQuery
  readonly stored: StoredSpace
  readonly sketches: Sketches
  /** What passages have to pass beside being the agent's, present ones or all; undefined: nothing. */
  readonly filters: Condition | undefined
}

/**
 * The search of a memory of many passages. The nearest are found by their sketches and placed by their vectors; those behind them have the places
 * that their sketches give, by which those are ordered whose words count the same.
 */
export function searchLarge(database: EmbeddedDatabase, search: LargeSearch): { readonly total: number; readonly hits: readonly PassageHit[] } {
  const { agentId, query, stored, sketches } = search
  const { ids } = sketches
  const vector = blobOf(query.vector)
  const allowed = allowedIn(database, search)
  const distances = distancesOf(sketches, sketchBits(database, vector, sketches.width))
  for (let place = 0; place < distances.length; place += 1) if (sketches.missing[place] === 1) distances[place] = farthest
  const ordered = nearestFirst(distances, allowed)
  const { places, similarities } = exactOrder(database, { sketches, places: ordered.subarray(0, comparedExactly), column: stored.column, vector })
  ordered.set(places)
  const weights = weighPassages(database, { agentId, words: query.words, ids, allowed, all: ordered.length })
  const ranked = rankPassages({
    count: ordered.length, similarities, weightOf: weights && ((near) => weights[ordered[near] ?? 0] ?? 0), all: ordered.length, end: query.offset + query.limit,
  })
  return { total: ordered.length, hits: hitsOf(database, ranked.slice(query.offset).map(({ near, score }) => ({ id: ids[ordered[near] ?? 0] ?? 0, score }))) }
}

/** What has no sketch comes behind all that have one: no two differ in more bits than this. */
const farthest = 2 ** 16 - 1

/** Which passages may be found, by their places. */
function allowedIn(database: EmbeddedDatabase, { agentId, query, sketches, filters }: LargeSearch): Uint8Array {
  const allowed = query.superseded === true ? new Uint8Array(sketches.ids.length).fill(1) : sketches.superseded.map((superseded) => 1 - superseded)
  if (filters === undefined) return allowed
  const row = database.row(`SELECT json_group_array(id) AS ids FROM passage WHERE agent = ? AND ${filters.sql}`, agentId, ...filters.values)
  const passing = new Uint8Array(allowed.length)
  for (const id of JSON.parse(textOf(row ?? {}, 'ids')) as readonly number[]) {
    const place = placeOfId(sketches, id)
    if (place !== undefined) passing[place] = allowed[place] ?? 0
  }
  return passing
}

/** The places of passages, the nearest by their vectors first, and how near the first are. One that was removed meanwhile is the last. */
function exactOrder(
  database: EmbeddedDatabase,
  { sketches, places, column, vector }: { readonly sketches: Sketches; readonly places: Uint32Array; readonly column: string; readonly vector: Uint8Array },
): { readonly places: Uint32Array; readonly similarities: readonly number[] } {
  const rows = database.rows(
    `SELECT candidate.key AS place, CASE WHEN length(passage.${column}) > 0 THEN ifnull(vector_distance_cos(passage.${column}, ?), 1) ELSE ${noDistance} END AS distance FROM json_each(?) AS candidate CROSS JOIN passage ON passage.id = candidate.value`,
    vector, JSON.stringify(Array.from(places, (place) => sketches.ids[place])),
  )
  const distances = new Float64Array(sketches.ids.length)
  for (const place of places) distances[place] = noDistance
  for (const row of rows) distances[places[numberOf(row, 'place')] ?? 0] = numberOf(row, 'distance')
  const nearest = places.toSorted((one, other) => (distances[one] ?? 0) - (distances[other] ?? 0) || one - other)
  return { places: nearest, similarities: similaritiesOf(Array.from(nearest.subarray(0, meantPassages), (place) => distances[place] ?? noDistance)) }
}

/** Of what has no vector, or is gone: beyond every distance. */
export const noDistance = 3
export const similaritiesOf = (nearest: readonly number[]): readonly number[] => nearest.filter((distance) => distance < noDistance).map((distance) => 1 - distance)

export function hitsOf(database: EmbeddedDatabase, page: readonly { readonly id: number; readonly score: number }[]): readonly PassageHit[] {
  const rows = database.rows('SELECT page.key AS place, passage.body FROM json_each(?) AS page CROSS JOIN passage ON passage.id = page.value ORDER BY page.key', JSON.stringify(page.map(({ id }) => id)))
  return rows.map((row) => ({ passage: bodyOf(row) as Passage, score: page[numberOf(row, 'place')]?.score ?? 0 }))
}
