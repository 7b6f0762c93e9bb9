import type { TimeSpan } from './messages.ts'

/*
 * How a search of recall memory by words ranks what it finds, the same in both sets of stores. A message has the rarities of the words that
 * it shares with the question, and a part of what the best messages beside it have: an answer seldom repeats the words of the question
 * before it. Where the question names a time, what was said then is raised.
 */

/** A question asks for so many words at most: what a model asks has a few, and this bounds the work of a page that is pasted as a query. */
export const maxQueryWords = 64

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

/** A term's list that is longer is not counted: how long it is follows from how far back its newest entries reach. */
export const countedEntries = 5_000

/**
 * How many of an agent's texts have a frequent term, estimated.
 * @param counted so many of the newest that have it
 * @param among of so many of the newest of all
 * @param all how many there are
 */
export const estimatedHolding = ({ counted, among, all }: { readonly counted: number; readonly among: number; readonly all: number }): number => Math.round((counted * all) / Math.max(1, among))

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

/** Where fewer of what is read of frequent words pass the filters, their lists are gone through, as a search of the newest does, until `giving` pass. */
export const fewest = 10

/** Neighbours in the conversation lie within so many numbers: thoughts and results of tools are between. */
export const nearby = 8

/** What a message has from the two before it, and from the one behind it. Measured: docs/evaluation.md. */
const [fromBefore, fromEarlier, fromBehind] = [0.5, 0.25, 0.3]

/** What was said when the question says counts so many times as much as what was said at other times. Measured: docs/evaluation.md. */
export const saidThen = 3

/** In milliseconds, inclusive from, exclusive to. */
export interface Moments {
  readonly from: number
  readonly to: number
}

export const momentsOf = (named: readonly TimeSpan[] = []): readonly Moments[] => named.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))

/** How much a message of that time counts beside others. */
export const raiseOf = (time: number, named: readonly Moments[]): number => (named.some(({ from, to }) => from <= time && time < to) ? saidThen : 1)

export interface Ranked {
  readonly seq: number
  /** As `raiseOf` says. */
  readonly raise: number
  /**
   * Twice what its own words count, and one more where it is of the conversation: of equals what was said comes before a tool's result that repeats it.
   * All of it as often as `raise` says.
   */
  readonly own: number
}

/**
 * Found messages in their order, ties newest first. One that is not of the conversation has no neighbours: how it stands must not depend on whether
 * it is among the best already.
 * @param best the first of all found messages by what they have of their own, `giving` of them at the least
 * @param around the numbers of the conversation's messages that lie near those that give
 * @param near those of them that were found: none but they can rise, and one that does not is left to its place among the best
 * @param sayingOfHit what says the same raises nothing of its kind: a timer's messages would raise each other
 * @param said found messages that are in the order in any case
 * @returns as many as `best` are in their final places; more may follow
 */
export function orderWithNeighbours<Found extends Ranked>({ best, around, near, said, sayingOfHit }: { readonly best: readonly Found[]; readonly around: Iterable<number>; readonly near: readonly Found[]; readonly said: readonly Found[]; readonly sayingOfHit: (hit: Found) => string }): readonly Scored<Found>[] {
  const given = new Map(best.slice(0, giving).map((hit) => [hit.seq, hit]))
  const seqs = [...around].toSorted((one, other) => one - other)
  const from = (seq: number | undefined, to: Found): number => {
    const giver = seq === undefined || Math.abs(seq - to.seq) > nearby ? undefined : given.get(seq)
    return giver === undefined || sayingOfHit(giver) === sayingOfHit(to) ? 0 : giver.own
  }
  const found = new Map([...near, ...best, ...said].map((hit) => [hit.seq, hit]))
  const kept = new Set([...best, ...said].map(({ seq }) => seq))
  return [...found.values()]
    .map((hit) => {
      const behind = placeAbove(seqs, hit.seq)
      const at = behind - 1
      if (seqs[at] !== hit.seq) return { hit, score: hit.own }
      const score = hit.own + fromBefore * from(seqs[at - 1], hit) + fromEarlier * from(seqs[at - 2], hit) + fromBehind * from(seqs[behind], hit)
      return { hit, score }
    })
    .filter(({ hit, score }) => score > hit.own || kept.has(hit.seq))
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

/**
 * From 0, which the last of those that were meant has, to 1, which the nearest has: what is near to nothing differs by model. Squared, as the nearest few are those
 * that are meant, and all others are near by chance. Undefined where all are equally near.
 */
export const nearness = (similarity: number, { least, most }: { readonly least: number; readonly most: number }): number | undefined => (most > least ? ((similarity - least) / (most - least)) ** 2 : undefined)
