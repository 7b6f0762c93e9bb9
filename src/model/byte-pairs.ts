import type { TiktokenBPE } from 'js-tiktoken/lite'

/**
 * A vocabulary of byte pairs, in the form in which js-tiktoken ships it. `pat_str` splits a text into pieces; no token reaches across two of them.
 * A line of `bpe_ranks` is `! RANK TOKEN TOKEN …`: tokens in base64, by their ranks, of which the first one's is said; lines are in the order of ranks too.
 */
export type Vocabulary = Pick<TiktokenBPE, 'pat_str' | 'bpe_ranks'>

/**
 * Counts the tokens of a text. The counts are those of js-tiktoken's own encoder, which keeps each token as texts in two maps: loading them takes ten
 * times as long as here, and twenty times the memory.
 *
 * The time of a piece grows with the square of its length.
 */
export function tokenCounterOf({ pat_str: pattern, bpe_ranks: lines }: Vocabulary): (text: string) => number {
  const pieces = new RegExp(pattern, 'gu')
  const rankOf = ranksOf(lines)
  const encoder = new TextEncoder()
  let bytes = new Uint8Array(256)

  return (text) => {
    let tokens = 0
    for (const piece of text.match(pieces) ?? []) {
      if (bytes.length < piece.length * mostBytesOfUnit) bytes = new Uint8Array(2 * piece.length * mostBytesOfUnit)
      const { written } = encoder.encodeInto(piece, bytes)
      tokens += rankOf(bytes, 0, written) === noToken ? countMerged(bytes, written, rankOf) : 1
    }
    return tokens
  }
}

/** What one unit of a JavaScript string takes in UTF-8. */
const mostBytesOfUnit = 3

/** Where among all tokens the one is that these bytes are; `noToken` where they are none. */
type RankOf = (bytes: Uint8Array, from: number, to: number) => number

const noToken = Infinity

/** Of neighbours that are a token together, those of the lowest rank become one part, again and again. Returns how many parts are left. */
function countMerged(bytes: Uint8Array, length: number, rankOf: RankOf): number {
  /** Where each part begins, and where the last one ends. */
  const starts = Array.from({ length: length + 1 }, (_, index) => index)
  const rankWithNext = (part: number): number => {
    const [from = 0, end] = [starts[part], starts[part + 2]]
    return end === undefined ? noToken : rankOf(bytes, from, end)
  }
  const ranks = starts.map((_, part) => rankWithNext(part))
  for (;;) {
    let lowest = 0
    for (let part = 1; part < ranks.length; part += 1) if ((ranks[part] ?? noToken) < (ranks[lowest] ?? noToken)) lowest = part
    if (ranks[lowest] === noToken) return starts.length - 1
    starts.splice(lowest + 1, 1)
    ranks.splice(lowest + 1, 1)
    ranks[lowest] = rankWithNext(lowest)
    if (lowest > 0) ranks[lowest - 1] = rankWithNext(lowest - 1)
  }
}

/** All tokens' bytes one after another, and a table with open addressing that finds a token by its bytes. */
function ranksOf(lines: string): RankOf {
  const { pool, ends } = decoded(lines)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(ends.length * slotsPerToken))).fill(emptySlot)
  const mask = slots.length - 1
  const startOf = (rank: number): number => (rank === 0 ? 0 : (ends[rank - 1] ?? 0))

  for (let rank = 0; rank < ends.length; rank += 1) {
    let slot = hashOf(pool, startOf(rank), ends[rank] ?? 0) & mask
    while (slots[slot] !== emptySlot) slot = (slot + 1) & mask
    slots[slot] = rank
  }
  return (bytes, from, to) => {
    for (let slot = hashOf(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
      const rank = slots[slot] ?? emptySlot
      if (rank === emptySlot) return noToken
      const start = startOf(rank)
      const length = to - from
      if ((ends[rank] ?? 0) - start !== length) continue
      let same = 0
      while (same < length && bytes[from + same] === pool[start + same]) same += 1
      if (same === length) return rank
    }
  }
}

/** With fewer, a search meets more tokens that are others. */
const slotsPerToken = 2
const emptySlot = -1

/** FNV-1a, of 32 bits; its lower bits are the better ones once the upper ones are mixed in. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let index = from; index < to; index += 1) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** The tokens' bytes, and where those of each end. Node's own reader of base64 takes four times as long for so many small texts. */
function decoded(lines: string): { readonly pool: Uint8Array; readonly ends: Uint32Array } {
  const values = new Uint8Array(256).fill(noValue)
  for (const [value, sign] of Buffer.from(base64Signs).entries()) values[sign] = value
  const pool = new Uint8Array(Math.ceil(lines.length * bytesOfSign))
  const ends = new Uint32Array(Math.ceil(lines.length / fewestSigns))
  let size = 0
  let count = 0
  for (const line of lines.split('\n').filter((line) => line !== '')) {
    /** What is read of the token and is no whole byte yet, and of how many bits it is. */
    let held = 0
    let bits = 0
    for (const sign of Buffer.from(`${line.replace(/^! \d+ /, '')} `, 'latin1')) {
      const value = values[sign] ?? noValue
      if (value !== noValue) {
        held = (held << 6) | value
        bits += 6
        if (bits < 8) continue
        bits -= 8
        pool[size] = held >>> bits
        held &= (1 << bits) - 1
        size += 1
      } else if (sign === blank) {
        ends[count] = size
        count += 1
        held = 0
        bits = 0
      }
    }
  }
  return { pool: pool.slice(0, size), ends: ends.slice(0, count) }
}

const base64Signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const bytesOfSign = 6 / 8
/** Of a token, with what parts it from the next one. */
const fewestSigns = 5
const noValue = 255
const blank = 32
