/** A vector with a place for every 32-bit number, given by the places that are not zero. */
export interface TermVector {
  readonly indices: readonly number[]
  readonly values: readonly number[]
}

/** How soon further occurrences of a word stop to count, as in BM25. */
const saturation = 1.2

/**
 * Words as a sparse vector: one place per word, by hash, and in it how often the word occurs, saturated. The server multiplies
 * by the word's rarity (`idf`). Two words may share a place: rare, and it costs a little precision, never a hit.
 */
export function termVectorOf(words: readonly string[]): TermVector {
  const counts = new Map<number, number>()
  for (const word of words) {
    const place = hashOf(word)
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return { indices: [...counts.keys()], values: [...counts.values()].map((count) => (count * (saturation + 1)) / (count + saturation)) }
}

/** FNV-1a, 32 bits, over UTF-8: stored vectors depend on it, so it must not change. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(word)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
