import { limits } from '../protocol/limits.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import type { Passage, PassageHit, PassageQuery } from '../stores/archival.ts'
import { split } from '../protocol/split-text.ts'
import type { ToolContext } from './tool.ts'

/** How many words of a long text are enough to find the same text. */
const duplicateWords = 200

export interface PassageAddition {
  readonly content: string
  readonly tags: readonly string[]
  readonly source: string
}

export type PassageAdded = { readonly added: number } | { readonly duplicateOf: Passage }

/**
 * Stores a text as passages `<op>/0`, `<op>/1`, …, split at paragraph or sentence borders where one passage can't hold it. A
 * single passage whose exact text is there already is not stored again; of a split text that is not asked.
 */
export async function addOwnPassages(context: ToolContext, { content, tags, source }: PassageAddition): Promise<PassageAdded> {
  const { agentId, op, at, stores, embedder, signal } = context
  const texts = split(content, limits.passageCharacters)
  const vectors = await embedder.embed(texts, signal)
  const additions = texts.map((text, index) => ({
    passage: { agentId, op: `${op}/${index}`, text, tags: [...new Set(tags)], source, at },
    vector: vectors[index] ?? [],
  }))
  const [single] = additions
  if (single && additions.length === 1) {
    const { passage, vector } = single
    const like = { words: beginningOf(passage.text, duplicateWords), vector, offset: 0, limit: 3 }
    const { hits } = await stores.archival.search(agentId, like, context.embedder)
    const duplicate = hits.find(hit => hit.passage.text === passage.text && hit.passage.op !== passage.op)
    if (duplicate) return { duplicateOf: duplicate.passage }
  }
  await stores.archival.insert(additions, context.embedder)
  return { added: additions.length }
}

/** Passages of this agent by meaning and words together. */
export async function searchOwnPassages(
  context: ToolContext,
  query: Omit<PassageQuery, 'vector'>,
): Promise<{ readonly total: number; readonly hits: readonly PassageHit[] }> {
  const [vector = []] = await context.embedder.embed([query.words], context.signal, 'query')
  return context.stores.archival.search(context.agentId, { ...query, vector }, context.embedder)
}
