import { limits } from '../protocol/limits.ts'
import { beginningOf, wellFormed } from '../protocol/well-formed.ts'
import type { Passage } from '../stores/archival.ts'
import { split } from '../protocol/split-text.ts'
import type { ToolContext } from './tool.ts'

/** Characters of a long text's beginning and of its end by whose words the same text is looked for, and how many numbers beside. */
const [lookedFor, numbers] = [200, 24]
/** Texts that have all these words and mean the same: the one that is the same is among so many. */
const alike = 20

export interface PassageAddition {
  readonly content: string
  readonly tags: readonly string[]
  readonly source: string
}

export type PassageAdded = { readonly added: number } | { readonly duplicateOf: Passage }

/**
 * Stores a text as passages `<op>/0`, `<op>/1`, …, split at paragraph or sentence borders where one passage can't hold it. A
 * single passage whose exact text is there already is not stored again; of a split text that is not asked. Where that ends: of more than `alike` long
 * texts that are equal in all that is looked for, and have one vector because the model reads no further, the same one may be missed.
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
    const like = { words: tellingOf(passage.text), vector, offset: 0, limit: alike }
    const { hits } = await stores.archival.search(agentId, like, context.embedder)
    const duplicate = hits.find(hit => hit.passage.text === passage.text && hit.passage.op !== passage.op)
    if (duplicate) return { duplicateOf: duplicate.passage }
  }
  await stores.archival.insert(additions, context.embedder)
  return { added: additions.length }
}

/** Of texts that are made alike mostly numbers and the end differ. The same text has all its words, and its vector: nothing stands before it but its equals. */
function tellingOf(text: string): string {
  if (text.length <= 2 * lookedFor) return text
  const numbered = text.match(/[\p{L}\p{M}]*\p{N}[\p{L}\p{M}\p{N}]*/gu) ?? []
  return [...numbered.slice(-numbers), wellFormed(text.slice(-lookedFor)), beginningOf(text, lookedFor)].join(' ')
}
