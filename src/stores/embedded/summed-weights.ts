import { leastOfBest, type IdRange, type Weights } from './weights.ts'

/**
 * The weights of messages whose ids may lie anywhere: a hash table in two arrays. SQLite takes twice as long to group a hundred thousand rows, and a
 * `Map` four times.
 */
export class SummedWeights implements Weights {
  readonly #ids: Float64Array
  readonly #sums: Int32Array
  /** The term that was counted last for it: a message that comes twice by one term has it once. */
  readonly #terms: Int32Array
  /** Where each message is, in the order in which they came. */
  readonly #slots: Int32Array
  readonly #mask: number
  #size = 0

  /** @param most as many messages at most */
  constructor(most: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(8, 1.4 * most)))
    this.#ids = new Float64Array(slots)
    this.#sums = new Int32Array(slots)
    this.#terms = new Int32Array(slots)
    this.#slots = new Int32Array(most)
    this.#mask = slots - 1
  }

  /** Of lists of ids, in any order: each message has the weights of the lists in which it is, and of several lists of one term one. */
  static of(lists: readonly { readonly ids: ArrayLike<number>; readonly term: number; readonly weight: number }[]): SummedWeights {
    const summed = new SummedWeights(lists.reduce((sum, { ids }) => sum + ids.length, 0))
    // All lists of a term behind one another: what is in several of them is only known by the term that came last.
    for (const { ids, term, weight } of lists.toSorted((one, other) => one.term - other.term)) {
      for (let place = 0; place < ids.length; place += 1) summed.add(ids[place] ?? 0, term, weight)
    }
    return summed
  }

  get size(): number {
    return this.#size
  }

  /** @param id above 0 */
  add(id: number, term: number, weight: number): void {
    const slot = this.#slotOf(id)
    if (this.#ids[slot] === 0) {
      this.#ids[slot] = id
      this.#slots[this.#size] = slot
      this.#size += 1
    } else if (this.#terms[slot] === term) return
    this.#terms[slot] = term
    this.#sums[slot] = (this.#sums[slot] ?? 0) + weight
  }

  of(id: number): number {
    return this.#sums[this.#slotOf(id)] ?? 0
  }

  best(count: number, among?: IdRange): readonly number[] {
    const all = this.#slots.subarray(0, this.#size)
    const slots = among === undefined ? all : all.filter((slot) => among.from <= (this.#ids[slot] ?? 0) && (this.#ids[slot] ?? 0) <= among.to)
    const sums = slots.map((slot) => this.#sums[slot] ?? 0)
    const least = sums.length <= count ? 0 : leastOfBest(sums, count, sums.reduce((most, sum) => Math.max(most, sum), 0)).least
    const above: number[] = []
    const equal: number[] = []
    for (let place = 0; place < sums.length; place += 1) {
      const sum = sums[place] ?? 0
      if (sum >= least) (sum > least ? above : equal).push(this.#ids[slots[place] ?? 0] ?? 0)
    }
    return above.length === sums.length ? above : [...above, ...Float64Array.from(equal).sort().subarray(equal.length - (count - above.length))]
  }

  /** Ids that follow each other are near each other: lists come in their order, and so the processor finds them in its cache. */
  #slotOf(id: number): number {
    let slot = (id + Math.imul(id >>> 12, 0x9e3779b1)) & this.#mask
    while (this.#ids[slot] !== 0 && this.#ids[slot] !== id) slot = (slot + 1) & this.#mask
    return slot
  }
}
