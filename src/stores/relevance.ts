/*
 * How a search of recall memory by words ranks what it finds, the same in both sets of stores. A message has the rarities of the words that
 * it shares with the question, and a part of what the best messages beside it have: an answer seldom repeats the words of the question
 * before it.
 */

/**
 * The rarer a word is among an agent's messages, the more it says about which of them was meant. Whole thousandths, so that sums are the same
 * in whatever order. `all` may count messages without words: it hardly matters.
 */
export const rarity = (holding: number, all: number): number => Math.max(1, Math.round(1_000 * Math.log(1 + (Math.max(all - holding, 0) + 0.5) / (holding + 0.5))))

/** A word or a stem, and how many of the agent's messages have it. */
export interface Held {
  readonly term: string
  readonly holding: number
}

/** What a message has that has the term. */
export interface Weighted {
  readonly term: string
  readonly weight: number
}

/**
 * What the words of a question count, without those that no message has. A message has the stems of its words too, where its language and the
 * question's were taken for the same: the stem counts as it is rare, and the word itself what it is rarer than that.
 */
export function weigh(words: readonly { readonly word: Held; readonly stem?: Held | undefined }[], all: number): readonly Weighted[] {
  const weights = new Map<string, number>()
  // Forms of one word are asked for once.
  const count = ({ term, holding }: Held, weight: number): void => {
    if (holding > 0) weights.set(term, Math.max(weight, weights.get(term) ?? 0))
  }
  for (const { word, stem } of words) {
    const ofStem = stem === undefined || stem.holding === 0 ? 0 : rarity(stem.holding, all)
    count(word, Math.max(1, rarity(word.holding, all) - ofStem))
    if (stem !== undefined) count(stem, ofStem)
  }
  return [...weights].map(([term, weight]) => ({ term, weight }))
}

/** So many of the best give a part of what they have to their neighbours. */
export const giving = 100

/** Neighbours in the conversation lie within so many numbers: thoughts and results of tools are between. */
export const nearby = 8

/** What a message has from the two before it, and from the one behind it. Measured: docs/evaluation.md. */
const [fromBefore, fromEarlier, fromBehind] = [0.5, 0.25, 0.3]

export interface Ranked {
  readonly seq: number
  /** Twice what its own words count, and one more where it is of the conversation: of equals what was said comes before a tool's result that repeats it. */
  readonly own: number
}

/**
 * Found messages in their order, ties newest first. One that is not of the conversation has no neighbours: how it stands must not depend on whether
 * it is among the best already.
 * @param best the first of all found messages by what they have of their own, `giving` of them at the least
 * @param around the numbers of the conversation's messages that lie near those that give
 * @param near those of them that were found: none but they can rise
 * @returns as many as `best` are in their final places; more may follow
 */
export function orderWithNeighbours<Found extends Ranked>({ best, around, near }: { readonly best: readonly Found[]; readonly around: Iterable<number>; readonly near: readonly Found[] }): readonly Scored<Found>[] {
  const given = new Map(best.slice(0, giving).map(({ seq, own }) => [seq, own]))
  const seqs = [...around].toSorted((one, other) => one - other)
  const from = (seq: number | undefined, to: number): number => (seq === undefined || Math.abs(seq - to) > nearby ? 0 : (given.get(seq) ?? 0))
  const found = new Map([...best, ...near].map((hit) => [hit.seq, hit]))
  return [...found.values()]
    .map((hit) => {
      const behind = placeAbove(seqs, hit.seq)
      const at = behind - 1
      if (seqs[at] !== hit.seq) return { hit, score: hit.own }
      const score = hit.own + fromBefore * from(seqs[at - 1], hit.seq) + fromEarlier * from(seqs[at - 2], hit.seq) + fromBehind * from(seqs[behind], hit.seq)
      return { hit, score }
    })
    .sort(byScore)
}

export interface Scored<Found extends Pick<Ranked, 'seq'>> {
  readonly hit: Found
  readonly score: number
}

/** Best first, ties newest first. */
export const byScore = <Found extends Pick<Ranked, 'seq'>>(one: Scored<Found>, other: Scored<Found>): number => other.score - one.score || other.hit.seq - one.hit.seq

/** The place of the first number above another one, in ascending numbers. */
function placeAbove(numbers: readonly number[], number: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) > number) high = middle
    else low = middle + 1
  }
  return low
}
