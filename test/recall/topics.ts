import type { Embedder } from '../../src/model/model.ts'

/** What a text is about, by words that mean the same: a direction for each topic. */
const topics = [/lighthouse|beacon/i, /boat|harbour|tide/i, /walrus|seal/i]

/** An embedding model by hand. It counts the texts that it was given as passages; `refuses` is asked before each request. */
export function topicEmbedder(refuses: () => boolean = () => false): Embedder & { readonly embedded: readonly string[] } {
  const embedded: string[] = []
  return {
    model: 'topics',
    dimensions: topics.length + 1,
    embedded,
    embed: async (texts, _signal, as = 'passage') => {
      if (refuses()) throw new Error('the embedding model is away')
      if (as === 'passage') embedded.push(...texts)
      return texts.map((text) => [...topics.map((topic) => (topic.test(text) ? 1 : 0)), 0.1])
    },
  }
}
