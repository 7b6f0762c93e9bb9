import type { ArchivalStore, EmbeddingSpace, Passage, PassageQuery } from '../../../src/stores/archival.ts'
import { moment } from '../memory/samples.ts'

export const space: EmbeddingSpace = { model: 'contract-embedder', dimensions: 4 }

/** Directions that are easy to tell apart; `leaning` is near `north` and nearer the smaller its lean. */
export const north = [1, 0, 0, 0] as const
export const east = [0, 1, 0, 0] as const
export const west = [0, 0, 1, 0] as const
export const leaning = (lean: number): readonly number[] => [1, lean, 0, 0]

export interface Sample extends Partial<Omit<Passage, 'agentId'>> {
  readonly text: string
  readonly vector?: readonly number[]
}

/** Inserts one after the other, dated and named by their place in the list. */
export async function insertAll(store: ArchivalStore, agentId: string, samples: readonly Sample[]): Promise<readonly Passage[]> {
  const items = itemsOf(agentId, samples)
  for (const item of items) await store.insert([item], space)
  return items.map(({ passage }) => passage)
}

/** The same at once, where there are many. */
export const insertBatch = (store: ArchivalStore, agentId: string, samples: readonly Sample[]): Promise<void> => store.insert(itemsOf(agentId, samples), space)

const itemsOf = (agentId: string, samples: readonly Sample[]): readonly { readonly passage: Passage; readonly vector: readonly number[] }[] =>
  samples.map(({ vector = east, ...sample }, index) => ({ passage: { agentId, op: `${agentId}/1/1/${index}`, tags: [], source: 'agent', at: moment(index + 1), ...sample }, vector }))

export async function searchTexts(
  store: ArchivalStore,
  agentId: string,
  query: Partial<PassageQuery>,
): Promise<{ readonly total: number; readonly texts: readonly string[] }> {
  const { total, hits } = await store.search(agentId, { words: '', vector: north, offset: 0, limit: 100, ...query }, space)
  return { total, texts: hits.map((hit) => hit.passage.text) }
}
