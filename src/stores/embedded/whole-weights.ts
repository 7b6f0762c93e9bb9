import type { RangeOfTime } from './dated-ids.ts'
import { DenseWeights } from './dense-weights.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { SummedWeights } from './summed-weights.ts'
import type { IdRange, Weights } from './weights.ts'
import type { HeldTerm } from './word-arms.ts'
import { listsOf } from './word-lists.ts'

/** So many entries of lists are read and summed: some 15 ms. */
const mostEntries = 2_000_000
/** Four bytes for each id. A file in which many large agents' messages lie among each other has more. */
const mostIds = 8_000_000
/** A list that has fewer of its ids than one of so many is summed sooner in a hash table. */
const idsOfEntry = 16
const mostHashed = 120_000

/** Messages are stored nearly in the order of their numbers: none comes so many others later. */
const latestSql = 'SELECT max(id) AS id FROM (SELECT id FROM message WHERE agent = ? AND seq < ? ORDER BY seq DESC LIMIT 100)'

interface Searched {
  readonly agentId: string
  readonly before: number | undefined
  readonly range: RangeOfTime | undefined
}

/** What every message has that has one of the terms. Undefined where their lists are too long for that, or can't be read as the index stores them. */
export function wholeWeights(database: EmbeddedDatabase, terms: readonly HeldTerm[], searched: Searched): Weights | undefined {
  if (terms.reduce((sum, { holding }) => sum + holding, 0) > mostEntries) return undefined
  const lists = listsOf(database, terms.map(({ term }) => term))
  if (lists === undefined) return undefined
  const ids = rangeOfIds(database, lists, searched)
  const weightOf = (place: number): number => terms[place]?.weight ?? 0
  const entries = lists.reduce((sum, list) => sum + list.length, 0)
  if (ids.to - ids.from < Math.min(mostIds, entries * idsOfEntry)) return new DenseWeights(ids, lists.map((list, place) => ({ ids: list, weight: weightOf(place) })))
  if (entries > mostHashed) return undefined
  return SummedWeights.of(lists.map((list, place) => ({ ids: list.filter((id) => ids.from <= id && id <= ids.to), term: place + 1, weight: weightOf(place) })))
}

/** Of what is in the lists, so far as the dates and the number that are asked for bound it. */
function rangeOfIds(database: EmbeddedDatabase, lists: readonly Float64Array[], { agentId, before, range }: Searched): IdRange {
  let [from, to] = [Infinity, 0]
  for (const list of lists) {
    for (let place = 0; place < list.length; place += 1) {
      const id = list[place] ?? 0
      from = Math.min(from, id)
      to = Math.max(to, id)
    }
  }
  const latest = before === undefined ? undefined : database.row(latestSql, agentId, before)?.['id']
  return { from: Math.max(range?.all?.first ?? 1, Math.min(from, to)), to: Math.min(to, range?.last ?? Infinity, typeof latest === 'number' ? latest : Infinity) }
}
