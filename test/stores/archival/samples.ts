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
  const passages: Passage[] = []
  for (const [index, { vector = east, ...sample }] of samples.entries()) {
    const passage: Passage = { agentId, op: `${agentId}/1/1/${index}`, tags: [], source: 'agent', at: moment(index + 1), ...sample }
    await store.insert([{ passage, vector }], space)
    passages.push(passage)
  }
  return passages
}

export async function searchTexts(
  store: ArchivalStore,
  agentId: string,
  query: Partial<PassageQuery>,
): Promise<{ readonly total: number; readonly texts: readonly string[] }> {
  const { total, hits } = await store.search(agentId, { words: '', vector: north, offset: 0, limit: 100, ...query }, space)
  return { total, texts: hits.map((hit) => hit.passage.text) }
}
