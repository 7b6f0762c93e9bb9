/** Counts of the texts used last, bounded in entries and in characters kept. */
export interface LruCounts {
  get(text: string): number | undefined
  set(text: string, count: number): void
  readonly size: number
}

export function lruCounts(bounds: { readonly entries: number; readonly characters: number }): LruCounts {
  // A Map iterates in the order of insertion: the first key is the one that was used longest ago.
  const counts = new Map<string, number>()
  let characters = 0

  return {
    get size() {
      return counts.size
    },
    get(text) {
      const count = counts.get(text)
      if (count === undefined) return undefined
      counts.delete(text)
      counts.set(text, count)
      return count
    },
    set(text, count) {
      if (text.length > bounds.characters) return
      if (counts.delete(text)) characters -= text.length
      counts.set(text, count)
      characters += text.length
      for (const oldest of counts.keys()) {
        if (counts.size <= bounds.entries && characters <= bounds.characters) break
        counts.delete(oldest)
        characters -= oldest.length
      }
    },
  }
}
