import { bytesOf, textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { recordOf, segmentsOf, type Segment } from './word-index.ts'

/*
 * The lists of frequent words, read as the word index stores them. A statement gives one id in the time in which ten are read
 * here: it writes them as text, and this side reads that. The form is FTS5's own, https://www.sqlite.org/fts5.html#the_data_table_and_its_format and `fts5_index.c`, and files that have it stay readable by it.
 */

/** Of others the tokenizer makes several, or none. */
const isOneToken = (term: string): boolean => /^(?:[\w:-]|[^\0-\x7f])+$/u.test(term)

/** Pages of 4 KB. Lists of texts that have a word hundreds of times each have more. */
const mostPages = 6_000

/** Pages of a segment in which the list of a term is; both included. */
interface Span {
  readonly term: number
  readonly first: number
  readonly last: number
}

const spansSql = `SELECT json_group_array(json_array(term.key, segment.key,
    (SELECT pgno >> 1 FROM message_words_idx WHERE segid = segment.value AND term <= CAST(term.value AS BLOB) ORDER BY term DESC LIMIT 1),
    (SELECT pgno >> 1 FROM message_words_idx WHERE segid = segment.value AND term > CAST(term.value AS BLOB) ORDER BY term LIMIT 1))) AS spans
  FROM json_each(?) AS term CROSS JOIN json_each(?) AS segment`

/** As one row, with the record of the segments: so it is known whether these pages are still those that were asked for. */
const pagesSql = `SELECT json_group_array(length(page.block)) AS lengths, CAST(group_concat(page.block, '') AS BLOB) AS pages, (SELECT block FROM message_words_data WHERE id = 10) AS record
  FROM json_each(?) AS span CROSS JOIN message_words_data AS page ON page.id BETWEEN span.value ->> 0 AND span.value ->> 1`

/**
 * The ids of the messages that have each of these terms, in no order. What the connection itself has written and not committed is not among them.
 * @param terms FTS5 expressions of one term each
 * @returns undefined where they can't be read so: rows are marked as deleted, say, the lists are too long, or somebody has written meanwhile
 */
export function listsOf(database: EmbeddedDatabase, terms: readonly string[]): readonly Float64Array[] | undefined {
  const tokens = terms.map((term) => term.slice(1, -1).replace(/[A-Z]+/gu, (letters) => letters.toLowerCase()))
  const record = recordOf(database, 'message_words')
  const segments = segmentsOf(record)
  if (segments === undefined || segments.some(({ marked }) => marked) || !tokens.every(isOneToken)) return undefined
  const keys = tokens.map((token) => Buffer.from(`0${token}`))
  const spans = spansOf(database, tokens, segments)
  const count = spans.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  if (count > mostPages) return undefined
  if (count === 0) return keys.map(() => new Float64Array())
  const row = database.row(pagesSql, JSON.stringify(spans.map(({ first, last }) => [first, last]))) ?? {}
  const lengths = JSON.parse(textOf(row, 'lengths')) as readonly number[]
  if (lengths.length !== count || !record.equals(bytesOf(row, 'record'))) return undefined
  const bytes = bytesOf(row, 'pages')
  const lists = keys.map(() => new Ids())
  let [page, at] = [0, 0]
  for (const { term, first, last } of spans) {
    const pages: Uint8Array[] = []
    for (let number = first; number <= last; number += 1) {
      const length = lengths[page] ?? 0
      pages.push(bytes.subarray(at, at + length))
      at += length
      page += 1
    }
    const [list, key] = [lists[term], keys[term]]
    if (list === undefined || key === undefined || !readList(pages, key, list)) return undefined
  }
  return lists.map((list) => list.all)
}

/** A segment's pages are numbered from this on. */
const baseOf = ({ id }: Segment): number => id * 2 ** 37

function spansOf(database: EmbeddedDatabase, tokens: readonly string[], segments: readonly Segment[]): readonly Span[] {
  const row = database.row(spansSql, JSON.stringify(tokens.map((token) => `0${token}`)), JSON.stringify(segments.map(({ id }) => id))) ?? {}
  const found = JSON.parse(textOf(row, 'spans')) as readonly (readonly [number, number, number | null, number | null])[]
  return found.flatMap(([term, place, from, to]) => {
    const segment = segments[place]
    // Of one that was merged away whole, the record says no page; the last of its pages stay until the merge ends.
    if (segment === undefined || segment.last === 0) return []
    // Pages before the first were merged into another segment.
    const first = Math.max(from ?? 0, segment.first)
    const last = Math.max(first, Math.min(to ?? segment.last, segment.last))
    return [{ term, first: baseOf(segment) + first, last: baseOf(segment) + last }]
  })
}

/** A list that grows. */
class Ids {
  #ids = new Float64Array(1_024)
  #size = 0

  add(id: number): void {
    if (this.#size === this.#ids.length) {
      const more = new Float64Array(2 * this.#size)
      more.set(this.#ids)
      this.#ids = more
    }
    this.#ids[this.#size] = id
    this.#size += 1
  }

  get all(): Float64Array {
    return this.#ids.subarray(0, this.#size)
  }
}

/**
 * A page: where its first id is that continues a list (2 bytes), where its data end (2), the data, and behind them where its terms begin, each as a distance from the one before. A term: how
 * many bytes it has of the term before (not the first), how many more, and these; then its list. An element of a list: the distance of its id from the
 * one before (of the first of a term or of a page the id itself), and twice the bytes of its positions, which follow, plus one for a row that is marked as deleted.
 * @returns whether none was
 */
function readList(pages: readonly Uint8Array[], key: Uint8Array, into: Ids): boolean {
  let within = false
  for (const page of pages) {
    const end = byteAt(page, 2) * 256 + byteAt(page, 3)
    const list = within ? { at: byteAt(page, 0) * 256 + byteAt(page, 1), end: termsIn(page, end).next().value ?? end } : listIn(page, end, key)
    if (list === undefined) continue
    within = true
    // Zero where no id begins in the page.
    if (list.end > end || (list.at > 0 && !readElements(page, list, into))) return false
    if (list.end < end) return true
  }
  return true
}

function readElements(page: Uint8Array, list: { readonly at: number; readonly end: number }, into: Ids): boolean {
  let id = 0
  for (let at = list.at; at < list.end; ) {
    let distance = 0
    let byte = 128
    while (byte > 127) {
      byte = page[at] ?? 0
      distance = distance * 128 + (byte & 127)
      at += 1
    }
    id += distance
    let size = 0
    byte = 128
    while (byte > 127) {
      byte = page[at] ?? 0
      size = size * 128 + (byte & 127)
      at += 1
    }
    if ((size & 1) === 1) return false
    into.add(id)
    at += size >>> 1
  }
  return true
}

const byteAt = (page: Uint8Array, at: number): number => page[at] ?? 0

/** Where the terms of a page begin. */
function* termsIn(page: Uint8Array, end: number): Generator<number, undefined> {
  let place = 0
  for (let at = end; at < page.length; ) {
    const { value, next } = numberAt(page, at)
    place += value
    at = next
    yield place
  }
  return undefined
}

function numberAt(page: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let at = from; ; at += 1) {
    const byte = byteAt(page, at)
    value = value * 128 + (byte & 127)
    if (byte < 128) return { value, next: at + 1 }
  }
}

/** The list of a term that begins in a page, so far as it is in that page. */
function listIn(page: Uint8Array, end: number, key: Uint8Array): { readonly at: number; readonly end: number } | undefined {
  const begins = [...termsIn(page, end)]
  // How many bytes of the key the term has that was looked at last.
  let shared = 0
  for (const [place, begin] of begins.entries()) {
    const kept = place === 0 ? { value: 0, next: begin } : numberAt(page, begin)
    const added = numberAt(page, kept.next)
    const at = added.next + added.value
    if (kept.value <= shared) {
      shared = kept.value
      while (shared < key.length && shared - kept.value < added.value && byteAt(page, added.next + shared - kept.value) === key[shared]) shared += 1
    }
    if (shared === key.length && kept.value + added.value === key.length) return { at, end: begins[place + 1] ?? end }
  }
  return undefined
}
