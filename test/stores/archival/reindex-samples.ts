import type { Embedder } from '../../../src/model/model.ts'
import type { ArchivalStore, EmbeddingSpace } from '../../../src/stores/archival.ts'

/** A vector of its own for each text, of any number of dimensions. */
export function vectorFor(text: string, { model, dimensions }: EmbeddingSpace): readonly number[] {
  const seed = Buffer.from(`${model} ${text}`).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7)
  return Array.from({ length: dimensions }, (_, index) => Math.sin(seed * (index + 1)))
}

export function embedderOf(space: EmbeddingSpace, meanwhile: (call: number) => Promise<void> = () => Promise.resolve()): Embedder {
  let calls = 0
  return {
    ...space,
    embed: async (texts) => {
      calls += 1
      await meanwhile(calls)
      return texts.map((text) => vectorFor(text, space))
    },
  }
}

/** Inserts as a worker with this setting would. */
export async function insertIn(store: ArchivalStore, agentId: string, texts: readonly string[], space: EmbeddingSpace): Promise<void> {
  const passages = texts.map((text) => ({
    passage: { agentId, op: `${agentId}/${text}`, text, tags: ['kept'], source: 'agent', at: '2024-03-01T12:00:00.000Z' },
    vector: vectorFor(text, space),
  }))
  await store.insert(passages, space)
}

/** All texts that a worker with this setting finds, nearest first, by meaning alone; a writer at full speed writes thousands. */
export async function foundIn(store: ArchivalStore, agentId: string, text: string, space: EmbeddingSpace): Promise<readonly string[]> {
  const texts: string[] = []
  for (;;) {
    const { hits } = await store.search(agentId, { words: '', vector: vectorFor(text, space), offset: texts.length, limit: 1_000 }, space)
    texts.push(...hits.map(({ passage }) => passage.text))
    if (hits.length < 1_000) return texts
  }
}
