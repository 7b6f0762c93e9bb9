import type { Passage, PassageHit, PassageQuery } from '../archival.ts'
import { bodyOf, numberOf, textOf } from './columns.ts'
import { blobOf, type StoredSpace } from './embedding-space.ts'
import { distancesOf, nearestFirst, placeOfId, sketchBits, type Sketches } from './passage-sketches.ts'
import { passagesByWords, type ByWords } from './passage-words.ts'
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
 * that their sketches give, and places of so many hundreds hardly count.
 */
export function searchLarge(database: EmbeddedDatabase, search: LargeSearch): { readonly total: number; readonly hits: readonly PassageHit[] } {
  const { agentId, query, stored, sketches } = search
  const { ids } = sketches
  const vector = blobOf(query.vector)
  const ordered = nearestFirst(distancesOf(sketches, sketchBits(database, vector, sketches.width)), allowedIn(database, search))
  const end = query.offset + query.limit
  ordered.set(exactOrder(database, { sketches, places: ordered.subarray(0, comparedExactly), column: stored.column, vector }))

  const scores = new Map<number, number>()
  for (const [rank, place] of ordered.subarray(0, end).entries()) scores.set(place, fused(rank + 1))
  const byWords = passagesByWords(database, { agentId, words: query.words, ids, most: rankedByWords })
  for (const [rank, near] of bestByWords(byWords, sketches, ordered).entries()) scores.set(ordered[near] ?? 0, fused(near + 1) + fused(rank + 1))
  const page = [...scores].sort(([one, score], [other, otherScore]) => otherScore - score || one - other).slice(query.offset, end)
  return { total: ordered.length, hits: hitsOf(database, page.map(([place, score]) => ({ id: ids[place] ?? 0, score }))) }
}

/** What is added to each place in reciprocal rank fusion, so that the first ones are not all that counts. */
export const addedToPlace = 60
const fused = (rank: number): number => 1 / (addedToPlace + rank)

/** A place by words behind these hardly counts. */
const rankedByWords = 2_000

/** Places in an order by meaning, the best by their words first; of those whose words count the same, the nearest. */
function bestByWords(byWords: ByWords, sketches: Sketches, ordered: Uint32Array): readonly number[] {
  if ('ranking' in byWords) {
    if (byWords.ranking.length === 0) return []
    const nearOf = new Int32Array(sketches.ids.length).fill(-1)
    for (const [near, place] of ordered.entries()) nearOf[place] = near
    return byWords.ranking.map((id) => nearOf[placeOfId(sketches, id) ?? -1] ?? -1).filter((near) => near >= 0)
  }
  const byWeight = new Map<number, number[]>()
  for (let near = 0; near < ordered.length; near += 1) {
    const weight = byWords.weights.of(sketches.ids[ordered[near] ?? 0] ?? 0)
    if (weight === 0) continue
    const same = byWeight.get(weight)
    if (same === undefined) byWeight.set(weight, [near])
    else same.push(near)
  }
  const best: number[] = []
  for (const weight of [...byWeight.keys()].sort((one, other) => other - one)) {
    best.push(...(byWeight.get(weight) ?? []).slice(0, rankedByWords - best.length))
    if (best.length >= rankedByWords) break
  }
  return best
}

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

/** The places of passages, the nearest by their vectors first. One that was removed meanwhile is the last. */
function exactOrder(database: EmbeddedDatabase, { sketches, places, column, vector }: { readonly sketches: Sketches; readonly places: Uint32Array; readonly column: string; readonly vector: Uint8Array }): Uint32Array {
  const rows = database.rows(
    `SELECT candidate.key AS place, ifnull(vector_distance_cos(passage.${column}, ?), 2) AS distance FROM json_each(?) AS candidate CROSS JOIN passage ON passage.id = candidate.value`,
    vector, JSON.stringify(Array.from(places, (place) => sketches.ids[place])),
  )
  const distances = new Float64Array(sketches.ids.length)
  for (const place of places) distances[place] = 3
  for (const row of rows) distances[places[numberOf(row, 'place')] ?? 0] = numberOf(row, 'distance')
  return places.toSorted((one, other) => (distances[one] ?? 0) - (distances[other] ?? 0) || one - other)
}

function hitsOf(database: EmbeddedDatabase, page: readonly { readonly id: number; readonly score: number }[]): readonly PassageHit[] {
  const rows = database.rows('SELECT page.key AS place, passage.body FROM json_each(?) AS page CROSS JOIN passage ON passage.id = page.value ORDER BY page.key', JSON.stringify(page.map(({ id }) => id)))
  return rows.map((row) => ({ passage: bodyOf(row) as Passage, score: page[numberOf(row, 'place')]?.score ?? 0 }))
}
