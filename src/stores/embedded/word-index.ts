import type { WhileBusy } from './busy.ts'
import { bytesOf } from './columns.ts'
import { inShortSteps } from './short-transactions.ts'
import type { EmbeddedDatabase } from './sql.ts'

type WordIndex = 'message_words' | 'passage_words'

/** Pages of the index that are rewritten in one step. */
const pagesAtOnce = 16

/**
 * Rewrites a word index without the words of rows that were deleted from it: it only marks these, since it has no text by which to find their words.
 * FTS5's `optimize` would hold the file for as long as that takes, which grows with all that the file has; this merges piece by piece.
 * What others delete meanwhile may be left to them.
 */
export async function forgetWords(database: EmbeddedDatabase, whileBusy: WhileBusy, index: WordIndex): Promise<void> {
  const merge = (pages: number): boolean => {
    const before = recordOf(database, index)
    database.run(`INSERT INTO ${index} (${index}, rank) VALUES ('merge', ?)`, pages)
    return !before.equals(recordOf(database, index))
  }
  let begun = false
  await inShortSteps(database, whileBusy, [
    () => {
      const { merging, segments } = stateOf(recordOf(database, index))
      if (!segments.some(({ marked }) => marked) || (begun && !merging)) return false
      // A number below zero begins with all segments, also in the midst of a merge: each time would be from the start. One above it goes on, but
      // not where as many small segments have come meanwhile as it has left.
      if (merge(pagesAtOnce)) return true
      begun = merge(-pagesAtOnce)
      return begun
    },
  ])
}

/** FTS5's record of its segments, https://www.sqlite.org/fts5.html#appendix_a and `fts5_index.c`. */
export function recordOf(database: EmbeddedDatabase, index: WordIndex): Buffer {
  return Buffer.from(bytesOf(database.row(`SELECT block FROM ${index}_data WHERE id = 10`) ?? {}, 'block'))
}

/** A part of the index, with a list of each of its terms. */
export interface Segment {
  readonly id: number
  /** Its pages, both included. */
  readonly first: number
  readonly last: number
  /** Some of its rows are deleted. */
  readonly marked: boolean
}

/** Behind a counter of four bytes and a mark of the form: how many levels, segments and writes; of each level how many of its segments are being merged, and its segments. */
const headBytes = 8
const form = 'ff000001'
const numbersOfSegment = 8

interface State {
  /** Oldest last. */
  readonly segments: readonly Segment[]
  readonly merging: boolean
}

function stateOf(record: Uint8Array): State {
  let place = headBytes
  const next = (): number => {
    let value = 0
    for (;;) {
      const byte = record[place] ?? 0
      place += 1
      value = value * 128 + (byte & 127)
      if (byte < 128) return value
    }
  }
  const [levels] = [next(), next(), next()]
  let merging = false
  const all: Segment[] = []
  for (let level = 0; level < levels; level += 1) {
    if (next() > 0) merging = true
    for (let segments = next(); segments > 0; segments -= 1) {
      // Between the pages and what is marked: of which writes its rows are. Behind that: how many rows are marked, and how many there are.
      const [id = 0, first = 0, last = 0, , , marks = 0] = Array.from({ length: numbersOfSegment }, next)
      all.push({ id, first, last, marked: marks > 0 })
    }
  }
  return { segments: all, merging }
}

/** Undefined where the record has another form. */
export const segmentsOf = (record: Uint8Array): readonly Segment[] | undefined =>
  Buffer.from(record.subarray(4, headBytes)).toString('hex') === form ? stateOf(record).segments : undefined
