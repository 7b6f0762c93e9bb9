import type { QueryWord } from '../../words/words.ts'
import { estimatedHolding, type Held, weigh } from '../relevance.ts'
import type { CurrentCollection } from './collection.ts'
import { wordsVector } from './create-collection.ts'
import type { Condition } from './filter.ts'
import { termVectorOf } from './term-vector.ts'

type Id = string | number

interface Filter {
  readonly must: Condition[]
}

/** So many tell how frequent a word is that too many have to count them. */
const sampled = 500

/** Each search repeats the ids that it is within, 40 bytes or so each: requests with so many stay well below the server's 32 MB. */
const idsOfRequest = 200_000

interface Asked<Near> {
  readonly words: readonly QueryWord[]
  readonly filter: Filter
  /** Of each list so many are read. */
  readonly depth: number
  readonly near: Near
}

interface Weighed {
  readonly nearest: readonly { readonly id: Id; readonly score: number }[]
  /** What the words and stems count that a point has, of those that have one: as of messages (`weigh`). */
  readonly weights: ReadonlyMap<Id, number>
  /** How many points pass the filter. */
  readonly all: number
}

/**
 * What the words of a question and their stems count that each point has, by lists of the points that have each: the server's own rarities are those
 * among the passages of all agents, and it says of no point which words it has. Where it ends: a word or stem that more than `depth` points have counts
 * for those that are near, that have a less frequent one, or that are the best by all of them as the server ranks them.
 */
export async function weighPoints(
  { client, name }: CurrentCollection,
  { words, filter, depth, near }: Asked<NonNullable<Parameters<CurrentCollection['client']['queryBatch']>[1]>['searches'][number]>,
): Promise<Weighed> {
  const terms = [...new Set(words.flatMap(({ word, stem }) => (stem === undefined ? [word] : [word, stem])))]
  const searches = [near, ...(terms.length > 1 ? [having(terms, filter, depth)] : []), ...terms.map((term) => having([term], filter, depth))]
  const [{ count: all }, answers] = await Promise.all([client.count(name, { filter, exact: true }), client.queryBatch(name, { searches })])
  const lists = answers.map(({ points }) => points)
  const nearest = (lists[0] ?? []).map(({ id, score }) => ({ id, score }))

  const found = new Map<string, Found>()
  const frequent: string[] = []
  for (const [place, points] of lists.slice(searches.length - terms.length).entries()) {
    const term = terms[place] ?? ''
    if (points.length < depth) found.set(term, { ids: points.map(({ id }) => id), holding: points.length })
    else frequent.push(term)
  }
  if (frequent.length > 0) {
    const candidates = new Set<Id>([...nearest, ...(lists[1] ?? [])].map(({ id }) => id))
    for (const { ids } of found.values()) for (const id of ids) candidates.add(id)
    for (const [term, { ids, holding }] of await amongCandidates({ client, name }, { frequent, candidates, filter, all })) found.set(term, { ids, holding: Math.max(depth, holding) })
  }

  const held = (term: string): Held => ({ term, holding: found.get(term)?.holding ?? 0 })
  const weights = new Map<Id, number>()
  for (const { term, weight } of weigh(words.map(({ word, stem }) => ({ word: held(word), ...(stem !== undefined && { stem: held(stem) }) })), all)) {
    for (const id of found.get(term)?.ids ?? []) weights.set(id, (weights.get(id) ?? 0) + weight)
  }
  return { nearest, weights, all }
}

/** Points that have a word or a stem, and how many of those that pass the filter have it. */
interface Found {
  readonly ids: readonly Id[]
  readonly holding: number
}

interface AmongCandidates {
  readonly frequent: readonly string[]
  readonly candidates: ReadonlySet<Id>
  readonly filter: Filter
  readonly all: number
}

/** Which candidates have each of the frequent words; how frequent it is, a sample says. */
async function amongCandidates({ client, name }: CurrentCollection, { frequent, candidates, filter, all }: AmongCandidates): Promise<ReadonlyMap<string, Found>> {
  // Ids are hashes: the first are a sample.
  const { points: first } = await client.scroll(name, { filter, limit: sampled, with_payload: false })
  const sample = new Set(first.map(({ id }) => id))
  const within = { must: [...filter.must, { has_id: [...new Set([...candidates, ...sample])].map(String) }] }
  const most = candidates.size + sample.size
  const atOnce = Math.max(1, Math.floor(idsOfRequest / most))
  const found = new Map<string, Found>()
  for (let first = 0; first < frequent.length; first += atOnce) {
    const some = frequent.slice(first, first + atOnce)
    const answers = await client.queryBatch(name, { searches: some.map((term) => having([term], within, most)) })
    for (const [place, { points }] of answers.entries()) {
      const ids = points.map(({ id }) => id)
      const holding = estimatedHolding({ counted: ids.filter((id) => sample.has(id)).length, among: sample.size, all })
      found.set(some[place] ?? '', { ids: ids.filter((id) => candidates.has(id)), holding })
    }
  }
  return found
}

function having(terms: readonly string[], filter: Filter, limit: number) {
  const { indices, values } = termVectorOf(terms)
  return { query: { indices: [...indices], values: [...values] }, using: wordsVector, filter, limit, with_payload: false }
}
