import { bytesOf, numberOf, textOf } from './columns.ts'
import { holdLatest } from './held-sketches.ts'
import type { EmbeddedDatabase } from './sql.ts'
import { vectorColumns, type StoredSpace } from './embedding-space.ts'

/*
 * A vector's sketch has the sign of each of its numbers, one bit each: as many bits as two vectors' sketches differ in, about so far apart are they.
 * A large memory's sketches are compared in a thirtieth of the time that its vectors take, and the few that are nearest by them are then compared
 * exactly. Triggers keep them: they bind processes of earlier versions that have the file open as well.
 */

const sketchOf = (vector: string): string => `CASE WHEN length(${vector}) > 0 THEN vector1bit(${vector}) ELSE x'' END`
/** Another value after every change. */
const changed = (agent: string): string =>
  `INSERT INTO kept_count (agent, of, total) VALUES (${agent}, 'sketches', random() >> 12) ON CONFLICT (agent, of) DO UPDATE SET total = excluded.total;`

/** Makes the sketches in a file that lacks them. */
export const sketchSteps: readonly string[] = [
  `CREATE TABLE passage_sketch (
    agent TEXT NOT NULL, id INTEGER NOT NULL, superseded INTEGER NOT NULL, vector BLOB NOT NULL, second_vector BLOB NOT NULL, PRIMARY KEY (agent, id)) WITHOUT ROWID`,
  `INSERT INTO passage_sketch (agent, id, superseded, vector, second_vector)
    SELECT agent, id, superseded, ${sketchOf('vector')}, ${sketchOf('second_vector')} FROM passage`,
  `CREATE TRIGGER passage_sketched AFTER INSERT ON passage BEGIN
    INSERT INTO passage_sketch (agent, id, superseded, vector, second_vector)
      VALUES (NEW.agent, NEW.id, NEW.superseded, ${sketchOf('NEW.vector')}, ${sketchOf('NEW.second_vector')});
    ${changed('NEW.agent')}
  END`,
  `CREATE TRIGGER passage_sketched_anew AFTER UPDATE OF vector, second_vector, superseded ON passage BEGIN
    UPDATE passage_sketch SET superseded = NEW.superseded, vector = ${sketchOf('NEW.vector')}, second_vector = ${sketchOf('NEW.second_vector')}
      WHERE agent = NEW.agent AND id = NEW.id;
    ${changed('NEW.agent')}
  END`,
  `CREATE TRIGGER passage_unsketched AFTER DELETE ON passage BEGIN
    DELETE FROM passage_sketch WHERE agent = OLD.agent AND id = OLD.id;
    ${changed('OLD.agent')}
  END`,
]

/** The sketches of an agent's passages. */
export interface Sketches {
  /** Ascending. */
  readonly ids: readonly number[]
  /** 1 where there is none, as the passage has no vector: of what the embedding model refuses, and for a while after a change of it. */
  readonly missing: Uint8Array
  /** 1 where it is superseded. */
  readonly superseded: Uint8Array
  /** 32-bit words of each sketch; 0 where no passage has one. */
  readonly width: number
  /** One sketch after the other. */
  readonly bits: Uint32Array
}

export type SketchesOf = (agentId: string, column: StoredSpace['column']) => Sketches

interface HeldSketches {
  readonly of: SketchesOf
  /** Inserts passages of one agent, within a transaction: so of sketches that are held no more are read than those that come with it. */
  readonly inserting: (agentId: string, insert: () => void) => void
}

interface Held {
  readonly version: number | undefined
  readonly sketches: Sketches
  /** The version to which nothing but inserts of this process has led since. Where they were not committed, no file has it. */
  grownTo: number | undefined
}

/** Reads sketches, and holds those of the agents that were searched last: until they change, by whichever process. Those that another process has added are read with all others. */
export function sketchesIn(database: EmbeddedDatabase): HeldSketches {
  const held = new Map<string, Held>()
  const keyOf = (column: string, agentId: string): string => `${column} ${agentId}`
  const versionOf = (agentId: string): number | undefined => {
    const row = database.row(`SELECT total FROM kept_count WHERE agent = ? AND of = 'sketches'`, agentId)
    return row && numberOf(row, 'total')
  }
  const presentOf = (known: Held | undefined, agentId: string, column: StoredSpace['column'], version: number | undefined): Sketches => {
    if (known !== undefined && known.version === version) return known.sketches
    const last = known?.sketches.ids.at(-1)
    if (known === undefined || last === undefined || known.grownTo !== version) return readSketches(database, agentId, column)
    const added = readSketches(database, agentId, column, last)
    return added.width === known.sketches.width ? joined(known.sketches, added) : readSketches(database, agentId, column)
  }
  return {
    of: (agentId, column) => {
      const version = versionOf(agentId)
      const key = keyOf(column, agentId)
      const sketches = presentOf(held.get(key), agentId, column, version)
      holdLatest(held, key, { version, sketches, grownTo: version }, (one) => one.sketches.bits.byteLength)
      return sketches
    },
    inserting: (agentId, insert) => {
      const known = vectorColumns.flatMap((column) => held.get(keyOf(column, agentId)) ?? [])
      if (known.length === 0) {
        insert()
        return
      }
      const before = versionOf(agentId)
      insert()
      const after = versionOf(agentId)
      for (const one of known) if (one.grownTo === before) one.grownTo = after
    },
  }
}

/** Ids of new rows are above all others. */
function joined(former: Sketches, added: Sketches): Sketches {
  const bits = new Uint32Array(former.bits.length + added.bits.length)
  bits.set(former.bits)
  bits.set(added.bits, former.bits.length)
  const marks = (one: 'missing' | 'superseded'): Uint8Array => {
    const both = new Uint8Array(former.ids.length + added.ids.length)
    both.set(former[one])
    both.set(added[one], former.ids.length)
    return both
  }
  return { ids: [...former.ids, ...added.ids], missing: marks('missing'), superseded: marks('superseded'), width: former.width, bits }
}

/** As one row: to give each of them to this side of the driver would take longer than to read them. A text of bytes is what joins blobs. */
const readSql = (column: string): string =>
  `SELECT json_group_array(id) AS ids, group_concat(superseded, '') AS superseded, group_concat(length(${column}) = 0, '') AS missing,
    CAST(group_concat(CASE WHEN length(${column}) > 0 THEN ${column} ELSE zeroblob((SELECT max(length(${column})) FROM passage_sketch WHERE agent = ? AND id > ?)) END, '') AS BLOB) AS sketches
  FROM passage_sketch WHERE agent = ? AND id > ?`

function readSketches(database: EmbeddedDatabase, agentId: string, column: string, after = 0): Sketches {
  const row = database.row(readSql(column), agentId, after, agentId, after) ?? {}
  const ids = JSON.parse(textOf(row, 'ids')) as number[]
  if (ids.length === 0) return { ids, missing: new Uint8Array(), superseded: new Uint8Array(), width: 0, bits: new Uint32Array() }
  const marks = (one: 'missing' | 'superseded'): Uint8Array => Uint8Array.from(textOf(row, one), Number)
  return { ids, missing: marks('missing'), superseded: marks('superseded'), ...bitsOf(bytesOf(row, 'sketches'), ids.length) }
}

/** Of so many sketches that are joined. */
export function bitsOf(bytes: Uint8Array, count: number): Pick<Sketches, 'width' | 'bits'> {
  const size = bytes.length / count
  const width = Math.ceil(size / 4)
  const bits = new Uint32Array(count * width)
  const into = new Uint8Array(bits.buffer)
  for (let place = 0; place < count; place += 1) into.set(bytes.subarray(place * size, (place + 1) * size), place * width * 4)
  return { width, bits }
}

/** The sketch of one vector, of the same form as those. */
export function sketchBits(database: EmbeddedDatabase, vector: Uint8Array, width: number): Uint32Array {
  const bits = new Uint32Array(width)
  new Uint8Array(bits.buffer).set(bytesOf(database.row('SELECT vector1bit(?) AS sketch', vector) ?? {}, 'sketch'))
  return bits
}

/** In how many bits each sketch differs from that one. Three words are counted at once, in one function: that takes three quarters of the time. */
export function distancesOf({ width, bits }: Pick<Sketches, 'width' | 'bits'>, from: Uint32Array): Uint16Array {
  const distances = new Uint16Array(width === 0 ? 0 : bits.length / width)
  for (let place = 0, at = 0; place < distances.length; place += 1) {
    let distance = 0
    for (let word = 0; word < width; word += 3, at += 3) {
      const one = (bits[at] ?? 0) ^ (from[word] ?? 0)
      const other = word + 1 < width ? (bits[at + 1] ?? 0) ^ (from[word + 1] ?? 0) : 0
      const third = word + 2 < width ? (bits[at + 2] ?? 0) ^ (from[word + 2] ?? 0) : 0
      // As three bits are added: each sum has a lower bit, and a higher one that counts twice. Of both so many are counted by two, by four and by eight.
      let low = one ^ other ^ third
      let high = (one & other) | ((one ^ other) & third)
      low -= (low >>> 1) & 0x55555555
      high -= (high >>> 1) & 0x55555555
      let sum = (low & 0x33333333) + ((low >>> 2) & 0x33333333) + 2 * ((high & 0x33333333) + ((high >>> 2) & 0x33333333))
      sum = (sum & 0x0f0f0f0f) + ((sum >>> 4) & 0x0f0f0f0f)
      distance += Math.imul(sum, 0x01010101) >>> 24
    }
    at = (place + 1) * width
    distances[place] = distance
  }
  return distances
}

/**
 * How near some are to a whole vector, by their places: the sum of its numbers, each with the sign that the sketch has. Bits that differ count as much as the vector has there, so that
 * this tells more than their number; it takes as long as a hundred times as many of those.
 */
export function sumsBySign({ width, bits }: Pick<Sketches, 'width' | 'bits'>, places: Uint32Array, vector: readonly number[]): Float64Array {
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)
  const length = Math.ceil(vector.length / 8)
  // What each value of each byte comes to. The lowest bit of a byte is the first of its eight numbers.
  const sums = new Float64Array(256 * length)
  for (let at = 0; at < length; at += 1) {
    const eight = vector.slice(8 * at, 8 * at + 8)
    sums[256 * at] = -eight.reduce((sum, number) => sum + number, 0)
    for (let value = 1; value < 256; value += 1) {
      const lowest = 31 - Math.clz32(value & -value)
      sums[256 * at + value] = (sums[256 * at + (value & (value - 1))] ?? 0) + 2 * (eight[lowest] ?? 0)
    }
  }
  const found = new Float64Array(places.length)
  for (let place = 0; place < places.length; place += 1) {
    let byte = 4 * width * (places[place] ?? 0)
    let sum = 0
    for (let at = 0; at < sums.length; at += 256, byte += 1) sum += sums[at + (bytes[byte] ?? 0)] ?? 0
    found[place] = sum
  }
  return found
}

/**
 * By their places: the nearest first, and of those that are equally near the earliest. By index: iterators take five times as long.
 * @param allowed 1 where one may be among them; absent: all may
 * @param most so many of them
 */
export function nearestFirst(distances: Uint16Array, allowed?: Uint8Array, most = distances.length): Uint32Array {
  const starts = new Uint32Array(2 ** 16 + 1)
  let farthest = 0
  for (let place = 0; place < distances.length; place += 1) {
    if (allowed !== undefined && allowed[place] !== 1) continue
    const distance = distances[place] ?? 0
    farthest = Math.max(farthest, distance)
    starts[distance + 1] = (starts[distance + 1] ?? 0) + 1
  }
  for (let distance = 1; distance <= farthest + 1; distance += 1) starts[distance] = (starts[distance] ?? 0) + (starts[distance - 1] ?? 0)
  const ordered = new Uint32Array(Math.min(most, starts[farthest + 1] ?? 0))
  for (let place = 0; place < distances.length; place += 1) {
    if (allowed !== undefined && allowed[place] !== 1) continue
    const distance = distances[place] ?? 0
    const at = starts[distance] ?? 0
    if (at >= ordered.length) continue
    ordered[at] = place
    starts[distance] = at + 1
  }
  return ordered
}

/** Where the sketch of a passage is. */
export function placeOfId({ ids }: Sketches, id: number): number | undefined {
  const place = placeFrom(ids, id)
  return ids[place] === id ? place : undefined
}

/** The place of the first that is not below, in ascending numbers. */
export function placeFrom(ids: readonly number[], id: number): number {
  let [low, high] = [0, ids.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] ?? 0) < id) low = middle + 1
    else high = middle
  }
  return low
}
