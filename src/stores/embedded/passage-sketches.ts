import { bytesOf, numberOf, textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'
import type { StoredSpace } from './embedding-space.ts'

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
  /** Passages without a vector, which have none: there are some after a change of the embedding model. */
  readonly missing: number
  /** 1 where it is superseded. */
  readonly superseded: Uint8Array
  /** 32-bit words of each sketch. */
  readonly width: number
  /** One sketch after the other. */
  readonly bits: Uint32Array
}

/** Bytes of sketches that are held for the next search: those of a million passages of 384 numbers. */
const heldBytes = 64 * 1024 * 1024

export type SketchesOf = (agentId: string, column: StoredSpace['column']) => Sketches

/** Reads sketches, and holds those of the agents that were searched last: until they change, by whichever process. */
export function sketchesIn(database: EmbeddedDatabase): SketchesOf {
  const held = new Map<string, { readonly version: number | undefined; readonly sketches: Sketches }>()
  return (agentId, column) => {
    const row = database.row(`SELECT total FROM kept_count WHERE agent = ? AND of = 'sketches'`, agentId)
    const version = row && numberOf(row, 'total')
    const key = `${column} ${agentId}`
    const known = held.get(key)
    held.delete(key)
    const sketches = known !== undefined && known.version === version ? known.sketches : readSketches(database, agentId, column)
    held.set(key, { version, sketches })
    let bytes = 0
    for (const [other, { sketches: { bits } }] of [...held].toReversed()) {
      bytes += bits.byteLength
      if (bytes > heldBytes && other !== key) held.delete(other)
    }
    return sketches
  }
}

/** As one row: to give each of them to this side of the driver would take longer than to read them. A text of bytes is what joins blobs. */
const readSql = (column: string): string =>
  `SELECT json_group_array(id) AS ids, group_concat(superseded, '') AS superseded, CAST(group_concat(${column}, '') AS BLOB) AS sketches,
    (SELECT count(*) FROM passage_sketch WHERE agent = ? AND length(${column}) = 0) AS missing
  FROM passage_sketch WHERE agent = ? AND length(${column}) > 0`

function readSketches(database: EmbeddedDatabase, agentId: string, column: string): Sketches {
  const row = database.row(readSql(column), agentId, agentId) ?? {}
  const ids = JSON.parse(textOf(row, 'ids')) as number[]
  const missing = numberOf(row, 'missing')
  if (ids.length === 0) return { ids, missing, superseded: new Uint8Array(), width: 0, bits: new Uint32Array() }
  const bytes = bytesOf(row, 'sketches')
  const marks = textOf(row, 'superseded')
  const size = bytes.length / ids.length
  const width = Math.ceil(size / 4)
  const bits = new Uint32Array(ids.length * width)
  const into = new Uint8Array(bits.buffer)
  for (let place = 0; place < ids.length; place += 1) into.set(bytes.subarray(place * size, (place + 1) * size), place * width * 4)
  return { ids, missing, superseded: Uint8Array.from(marks, Number), width, bits }
}

/** The sketch of one vector, of the same form as those. */
export function sketchBits(database: EmbeddedDatabase, vector: Uint8Array, width: number): Uint32Array {
  const bits = new Uint32Array(width)
  new Uint8Array(bits.buffer).set(bytesOf(database.row('SELECT vector1bit(?) AS sketch', vector) ?? {}, 'sketch'))
  return bits
}

/** In how many bits each sketch differs from that one. */
export function distancesOf({ ids, width, bits }: Sketches, from: Uint32Array): Uint16Array {
  const distances = new Uint16Array(ids.length)
  for (let place = 0, at = 0; place < distances.length; place += 1) {
    let distance = 0
    for (let word = 0; word < width; word += 1, at += 1) {
      let difference = (bits[at] ?? 0) ^ (from[word] ?? 0)
      difference -= (difference >>> 1) & 0x55555555
      difference = (difference & 0x33333333) + ((difference >>> 2) & 0x33333333)
      distance += Math.imul((difference + (difference >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
    }
    distances[place] = distance
  }
  return distances
}

/** Those that are allowed, by their places: the nearest first, and of those that are equally near the earliest. */
export function nearestFirst(distances: Uint16Array, allowed: Uint8Array): Uint32Array {
  const starts = new Uint32Array(distances.reduce((most, distance) => Math.max(most, distance), 0) + 2)
  for (const [place, distance] of distances.entries()) if (allowed[place] === 1) starts[distance + 1] = (starts[distance + 1] ?? 0) + 1
  for (let distance = 1; distance < starts.length; distance += 1) starts[distance] = (starts[distance] ?? 0) + (starts[distance - 1] ?? 0)
  const ordered = new Uint32Array(starts.at(-1) ?? 0)
  for (const [place, distance] of distances.entries()) {
    if (allowed[place] !== 1) continue
    const at = starts[distance] ?? 0
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
