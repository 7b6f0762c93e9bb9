/** Numbers that look random and are the same in every run (mulberry32). */
export interface Seeded {
  /** From 0 to below `bound`. */
  below(bound: number): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
}

export function seeded(seed: number): Seeded {
  let state = seed >>> 0
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(fraction() * bound)
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
  }
}
