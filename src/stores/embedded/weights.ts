/** Ids, both included. */
export interface IdRange {
  readonly from: number
  readonly to: number
}

/** What each of many messages has in all, by its id. */
export interface Weights {
  /** How many messages have something. */
  readonly size: number
  of(id: number): number
  /**
   * Ids of those that have most; of those that have as much as the last of them, the highest ids. In no order.
   * @param among absent: all
   */
  best(count: number, among?: IdRange): readonly number[]
}

interface Least {
  /** At least 1. */
  readonly least: number
  /** How many of those that have no more are among the best. */
  readonly room: number
}

/**
 * What the last of the `count` best has, by how many have each sum: to sort them all takes several times as long.
 * @param most no sum is above
 */
export function leastOfBest(sums: Int32Array, count: number, most: number): Least {
  const having = new Uint32Array(most + 1)
  for (let place = 0; place < sums.length; place += 1) {
    const sum = sums[place] ?? 0
    having[sum] = (having[sum] ?? 0) + 1
  }
  let above = 0
  for (let least = most; least > 1; least -= 1) {
    const found = having[least] ?? 0
    if (above + found >= count) return { least, room: count - above }
    above += found
  }
  return { least: 1, room: count - above }
}
