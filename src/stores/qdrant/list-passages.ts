import type { Passage, PassageQuery } from '../archival.ts'
import type { CurrentCollection } from './collection.ts'
import { filterOf } from './filter.ts'
import { orderOf, passageOf } from './payload.ts'

interface Place {
  readonly id: string
  readonly order: number
}

/** Points of one `order`: those of one millisecond and one place in their batches, so hardly ever more than one. */
const tieLimit = 10_000

/**
 * Newest first. The server's own offset is not used: among points of equal order it may repeat and omit some from page to page.
 * So the beginning of the ranking is fetched, without texts, its last place is completed with whatever shares it, and the page
 * is cut by order and id. The cost grows with the offset.
 */
export async function listPassages({ client, name }: CurrentCollection, agentId: string, { offset, limit, ...query }: Pick<PassageQuery, 'offset' | 'limit' | 'source' | 'superseded'>): Promise<Passage[]> {
  const end = offset + limit
  const filter = filterOf(agentId, query)
  const newest = await client.scroll(name, { filter, limit: end, with_payload: ['order'], order_by: { key: 'order', direction: 'desc' } })
  const places = newest.points.map(placeOf)
  const last = places.at(-1)
  if (last !== undefined && places.length === end) {
    const same = { must: [...filter.must, { key: 'order', range: { gte: last.order, lte: last.order } }] }
    const ties = await client.scroll(name, { filter: same, limit: tieLimit, with_payload: ['order'] })
    places.push(...ties.points.map(placeOf))
  }
  const ids = [...new Map(places.map((place) => [place.id, place])).values()]
    .sort((one, other) => other.order - one.order || (one.id < other.id ? -1 : 1))
    .slice(offset, end)
    .map(({ id }) => id)
  if (ids.length === 0) return []
  const points = await client.retrieve(name, { ids, with_payload: true })
  const payloads = new Map(points.map((point) => [String(point.id), point.payload]))
  return ids.flatMap((id) => (payloads.has(id) ? [passageOf(payloads.get(id))] : []))
}

const placeOf = ({ id, payload }: { id: string | number; payload?: unknown }): Place => ({ id: String(id), order: orderOf(payload) })
