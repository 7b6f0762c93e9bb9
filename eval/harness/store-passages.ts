import { opOf } from '../../src/protocol/ids.ts'
import type { Arena } from './arena.ts'

/** Texts as passages of an agent's archival memory, all at once: what a long life would have filled it with. */
export async function storePassages({ stores, embedder }: Pick<Arena, 'stores' | 'embedder'>, agentId: string, texts: readonly string[]): Promise<void> {
  const vectors = await embedder.embed(texts, new AbortController().signal)
  const at = new Date().toISOString()
  const passages = texts.map((text, index) => ({
    passage: { agentId, op: `${opOf.event(agentId, 'evaluation')}/${index}`, text, tags: [], source: 'evaluation', at },
    vector: vectors[index] ?? [],
  }))
  await stores.archival.insert(passages, embedder)
}
