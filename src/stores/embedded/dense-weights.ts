import { leastOfBest, type IdRange, type Weights } from './weights.ts'

/** The weights of many messages in a row of numbers, one for each id of a range: a million entries of lists are summed in 2 ms, in a hash table in 15. */
export class DenseWeights implements Weights {
  readonly #from: number
  readonly #sums: Int32Array
  readonly #most: number
  readonly #size: number

  /** @param lists each id once in each; ids outside of the range are left out */
  constructor({ from, to }: IdRange, lists: readonly { readonly ids: Float64Array; readonly weight: number }[]) {
    this.#from = from
    const sums = new Int32Array(Math.max(0, to - from + 1))
    let size = 0
    for (const { ids, weight } of lists) {
      for (let place = 0; place < ids.length; place += 1) {
        const at = (ids[place] ?? 0) - from
        // To read beyond the end of an array makes all reads slow.
        if (at < 0 || at >= sums.length) continue
        const sum = sums[at] ?? 0
        if (sum === 0) size += 1
        sums[at] = sum + weight
      }
    }
    this.#size = size
    this.#sums = sums
    this.#most = lists.reduce((most, { weight }) => most + weight, 0)
  }

  get size(): number {
    return this.#size
  }

  of(id: number): number {
    return this.#sums[id - this.#from] ?? 0
  }

  best(count: number, among?: IdRange): readonly number[] {
    const begin = among === undefined ? 0 : Math.max(0, among.from - this.#from)
    const sums = among === undefined ? this.#sums : this.#sums.subarray(begin, Math.max(begin, among.to - this.#from + 1))
    const { least, room } = leastOfBest(sums, count, this.#most)
    const best: number[] = []
    let equal = 0
    for (let place = sums.length - 1; place >= 0 && best.length < count; place -= 1) {
      const sum = sums[place] ?? 0
      if (sum < least || (sum === least && (equal += 1) > room)) continue
      best.push(this.#from + begin + place)
    }
    return best
  }
}
