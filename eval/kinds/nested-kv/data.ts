import { random, seedOf } from '../../harness/random.ts'

/** Key-value pairs in which a value may be a key: looking up a chain of them is the task (MemGPT paper, section 3.2.2). */
export interface NestedPairs {
  readonly pairs: readonly (readonly [key: string, value: string])[]
  /** The key that is asked for; `level` lookups beyond the first lead to the answer. */
  readonly key: string
  readonly answer: string
}

/** The paper's size: about 8,000 tokens, as much as the window of the models that it compares. */
export const pairCount = 140
export const deepestLevel = 4
/** Orderings of each nesting level in one run: three runs have the paper's thirty. */
export const orderings = 10

export function nestedPairs({ seed, level, ordering }: { readonly seed: number; readonly level: number; readonly ordering: number }): NestedPairs {
  const chance = random(seedOf('nested-kv', seed, level, ordering))
  const chain = Array.from({ length: level + 2 }, () => chance.uuid())
  const links = chain.slice(0, -1).map((key, index): [string, string] => [key, chain[index + 1] ?? ''])
  const others = Array.from({ length: pairCount - links.length }, (): [string, string] => [chance.uuid(), chance.uuid()])
  return { pairs: chance.shuffled([...links, ...others]), key: chain[0] ?? '', answer: chain.at(-1) ?? '' }
}

export const pairText = ([key, value]: readonly [string, string]): string => `Key: ${key}, value: ${value}`

/** Pairs as they stand in a text, in its order. */
export function pairsIn(text: string): [key: string, value: string][] {
  return Array.from(text.matchAll(/Key: ([0-9a-f-]{36}), value: ([0-9a-f-]{36})/g), ([, key = '', value = '']) => [key, value])
}

export const keyIn = (text: string): string | undefined => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0]
