import type { EmbeddingSpace, PassageHit, PassageQuery } from '../stores/archival.ts'
import type { Stores } from '../stores/stores.ts'

/** The vector of a question may take longer than in a search of recall memory: meaning is most of what finds a passage. Then the search is one by words. */
export const passagesMeantWithinMs = 5_000

export interface PassagesFound {
  /** How many pass the filters; by words alone, those of them that have one of the words. */
  readonly total: number
  /** So many are known of, and there may be more. */
  readonly atLeast?: true
  readonly hits: readonly PassageHit[]
}

/** So many of the best are read at most to tell how many lie before a page that is empty. */
const counted = 200

/**
 * Passages of an agent by meaning and words together; by words alone, those that have one of them, where there is no vector.
 * @param options.deepest by words alone, places from here on are not looked at
 */
export async function searchPassages(options: {
  readonly stores: Pick<Stores, 'archival'>
  readonly space: EmbeddingSpace
  readonly agentId: string
  readonly query: Omit<PassageQuery, 'vector'>
  readonly vector: readonly number[] | undefined
  readonly deepest?: number
}): Promise<PassagesFound> {
  const { stores, space, agentId, query, vector, deepest = Infinity } = options
  if (vector !== undefined) return stores.archival.search(agentId, { ...query, vector }, space)
  const nowhere = new Array<number>(space.dimensions).fill(0)
  const worded = async (offset: number, limit: number): Promise<{ readonly total: number; readonly hits: readonly PassageHit[] }> => {
    const { total, hits } = await stores.archival.search(agentId, { ...query, vector: nowhere, offset, limit }, space)
    return { total, hits: hits.filter(({ score }) => score > 0) }
  }
  const { offset, limit } = query
  if (offset < deepest) {
    // One more tells whether any follow.
    const { total, hits } = await worded(offset, limit + 1)
    const known = offset + hits.length
    if (hits.length > limit) return { total: known, ...(known < total && { atLeast: true }), hits: hits.slice(0, limit) }
    if (hits.length > 0 || offset === 0) return { total: known, hits }
  }
  // They end before this page, or it is too deep.
  const before = (await worded(0, Math.min(offset, counted))).hits.length
  return { total: before, ...(before === counted && { atLeast: true }), hits: [] }
}
