import type { EmbeddingSpace } from '../embedding-space.ts'
import type { ExchangeQuery, MeantExchange } from '../exchanges.ts'
import { numberOf, textOf } from './columns.ts'
import { blobOf } from './embedding-space.ts'
import { countExchangeParts, type ExchangeSketches, type HeldExchangeSketches } from './exchange-sketches.ts'
import { momentOf } from './moment.ts'
import { distancesOf, nearestFirst, sketchBits, sumsBySign } from './passage-sketches.ts'
import { allOf, type EmbeddedDatabase, where } from './sql.ts'

interface Search {
  readonly agentId: string
  readonly query: ExchangeQuery
  readonly space: EmbeddingSpace
}

/** An agent that has more vectors is searched by their sketches: to read all vectors of a large memory takes hundreds of milliseconds. */
const comparedWhole = 2_000

/** So many of those whose sketches are nearest are compared with the question's own numbers, */
const comparedBySign = 8_000
/** and of these so many by their vectors: to read one of them takes as long as to look at hundreds of sketches. */
const comparedExactly = 800
/** Of one exchange so many parts are among them: else a long one would take the places of others. */
const mostOfOne = 8

/**
 * Of a large memory nearly always those that an exact scan finds, where the question has something near: of 250,000 vectors about 400 topics all of the hundred that are nearest, of such
 * as lie in fewer directions 99. Of vectors that lie in all directions alike, none nearer than others, it finds half.
 */
export async function nearestExchanges(database: EmbeddedDatabase, held: HeldExchangeSketches, search: Search): Promise<readonly MeantExchange[]> {
  if (countExchangeParts(database, search.agentId, search.space) <= comparedWhole) return exactly(database, search)
  for (let last = false; ; last = true) {
    const sketches = await held.of(search.agentId, search.space)
    const candidates = candidatesIn(database, sketches, search)
    const { compared, nearest } = compare(database, candidates, search)
    if (compared === candidates.length || last) return nearest
    // Some were erased since, and others have come in their place.
    held.forget(search.agentId, search.space)
  }
}

const ofSpace = 'agent = ? AND model = ? AND dimensions = ?'
// A vector of zeros has no direction: it is near to nothing.
const distanceSql = 'ifnull(vector_distance_cos(vector, ?), 2)'

function exactly(database: EmbeddedDatabase, { agentId, query: { vector, limit, before, from, to }, space }: Search): readonly MeantExchange[] {
  const filters = allOf([
    { sql: ofSpace, values: [agentId, space.model, space.dimensions] },
    ...where('first < ?', before),
    ...where('at >= ?', from === undefined ? undefined : momentOf('from', from)),
    ...where('at < ?', to === undefined ? undefined : momentOf('to', to)),
  ])
  const sql = `SELECT first, max(last) AS last, min(${distanceSql}) AS distance FROM exchange WHERE ${filters.sql} GROUP BY first ORDER BY distance, first DESC LIMIT ?`
  return database.rows(sql, blobOf(vector), ...filters.values, limit).map(meantOf)
}

/** The ids of those that are nearest by their sketches, and pass the filters. */
function candidatesIn(database: EmbeddedDatabase, sketches: ExchangeSketches, { query }: Search): readonly number[] {
  // Somebody may have erased the agent since they were counted.
  if (sketches.ids.length === 0) return []
  const distances = distancesOf(sketches, sketchBits(database, blobOf(query.vector), sketches.width))
  const places = placesIn(sketches, distances, allowedIn(sketches, query))
  const sums = sumsBySign(sketches, places, query.vector)
  const least = sums.toSorted()[sums.length - comparedExactly] ?? -Infinity
  const above = places.filter((_, at) => (sums[at] ?? 0) > least)
  // Of what was said again and again many come to the same: they take what room those before them leave.
  const equal = places.filter((_, at) => sums[at] === least).subarray(0, comparedExactly - above.length)
  return [above, equal].flatMap((some) => Array.from(some, (place) => sketches.ids[place] ?? 0))
}

/** The first that differ in the fewest bits, of one exchange `mostOfOne`. */
function placesIn({ firsts }: ExchangeSketches, distances: Uint16Array, allowed: Uint8Array): Uint32Array {
  // More, where long exchanges have places that are left to others.
  for (let most = comparedBySign; ; most *= 4) {
    const nearest = nearestFirst(distances, allowed, most)
    const parts = new Map<number, number>()
    const places = nearest.filter((place) => {
      const first = firsts[place] ?? 0
      const ofOne = (parts.get(first) ?? 0) + 1
      parts.set(first, ofOne)
      return ofOne <= mostOfOne
    })
    if (places.length >= comparedBySign || nearest.length < most) return places.subarray(0, comparedBySign)
  }
}

/** 1 where one passes the filters. */
function allowedIn({ firsts, ats }: ExchangeSketches, { before = Infinity, from, to }: ExchangeQuery): Uint8Array {
  const begin = from === undefined ? -Infinity : momentOf('from', from)
  const end = to === undefined ? Infinity : momentOf('to', to)
  const allowed = new Uint8Array(firsts.length)
  for (let place = 0; place < allowed.length; place += 1) {
    const first = firsts[place] ?? 0
    const at = ats[place] ?? 0
    if (first < before && at >= begin && at < end) allowed[place] = 1
  }
  return allowed
}

/** As one row: to give each of them to this side of the driver would take as long as to read it. */
const compareSql = `SELECT json_group_array(first) AS firsts, json_group_array(last) AS lasts, json_group_array(${distanceSql}) AS distances
  FROM json_each(?) AS candidate CROSS JOIN exchange ON exchange.id = candidate.value WHERE ${ofSpace}`

function compare(database: EmbeddedDatabase, candidates: readonly number[], { agentId, query, space }: Search): { readonly compared: number; readonly nearest: readonly MeantExchange[] } {
  const row = database.row(compareSql, blobOf(query.vector), JSON.stringify(candidates), agentId, space.model, space.dimensions) ?? {}
  const numbers = (column: string): readonly number[] => JSON.parse(textOf(row, column)) as readonly number[]
  const [firsts, lasts, distances] = [numbers('firsts'), numbers('lasts'), numbers('distances')]
  const exchanges = new Map<number, MeantExchange>()
  for (const [place, first] of firsts.entries()) {
    const known = exchanges.get(first)
    const [last, similarity] = [lasts[place] ?? first, 1 - (distances[place] ?? 2)]
    exchanges.set(first, { first, last: Math.max(last, known?.last ?? last), similarity: Math.max(similarity, known?.similarity ?? similarity) })
  }
  const nearest = [...exchanges.values()].sort((one, other) => other.similarity - one.similarity || other.first - one.first)
  return { compared: firsts.length, nearest: nearest.slice(0, query.limit) }
}

const meantOf = (row: Parameters<typeof numberOf>[0]): MeantExchange => ({ first: numberOf(row, 'first'), last: numberOf(row, 'last'), similarity: 1 - numberOf(row, 'distance') })
