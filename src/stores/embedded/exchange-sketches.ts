import { setImmediate as afterOthers } from 'node:timers/promises'
import type { EmbeddingSpace } from '../embedding-space.ts'
import { bytesOf, textOf, totalOf } from './columns.ts'
import { holdLatest } from './held-sketches.ts'
import { bitsOf, type Sketches } from './passage-sketches.ts'
import type { EmbeddedDatabase } from './sql.ts'

/*
 * The vectors of a large recall memory are searched by their sketches, as those of passages are. Vectors of exchanges are only added, and go with
 * their agent or their model: so their sketches are in no table. The first search of an agent makes them of its vectors, in pieces between which others have
 * their turn, and each later one adds those that are new. Whether there are any says a count; triggers keep it: they bind processes of
 * earlier versions that have the file open as well.
 */

const countedAs = (row: 'NEW' | 'OLD' | 'exchange'): string => `'exchanges ' || ${row}.dimensions || ' ' || ${row}.model`

/** Makes the counts in a file that lacks them. */
export const exchangeCountSteps: readonly string[] = [
  `INSERT INTO kept_count (agent, of, total) SELECT agent, ${countedAs('exchange')}, count(*) FROM exchange GROUP BY agent, model, dimensions`,
  `CREATE TRIGGER exchange_counted AFTER INSERT ON exchange BEGIN
    INSERT INTO kept_count (agent, of, total) VALUES (NEW.agent, ${countedAs('NEW')}, 1) ON CONFLICT (agent, of) DO UPDATE SET total = total + 1;
  END`,
  `CREATE TRIGGER exchange_uncounted AFTER DELETE ON exchange BEGIN
    UPDATE kept_count SET total = total - 1 WHERE agent = OLD.agent AND of = ${countedAs('OLD')};
    DELETE FROM kept_count WHERE agent = OLD.agent AND of = ${countedAs('OLD')} AND total <= 0;
  END`,
]

/** How many vectors an agent has. */
export const countExchangeParts = (database: EmbeddedDatabase, agentId: string, { model, dimensions }: EmbeddingSpace): number =>
  totalOf(database.row('SELECT total FROM kept_count WHERE agent = ? AND of = ?', agentId, `exchanges ${dimensions} ${model}`))

/** The sketches of an agent's exchanges, by part; ascending, but for what others inserted at the same time. */
export interface ExchangeSketches extends Pick<Sketches, 'width' | 'bits'> {
  readonly ids: Float64Array
  readonly firsts: Float64Array
  /** Milliseconds. */
  readonly ats: Float64Array
}

const none: ExchangeSketches = { ids: new Float64Array(), firsts: new Float64Array(), ats: new Float64Array(), width: 0, bits: new Uint32Array() }

/** Beside its sketch. */
const bytesOfPart = 24
const bytesOfHeld = ({ ids, bits }: ExchangeSketches): number => bits.byteLength + ids.length * bytesOfPart

export interface HeldExchangeSketches {
  of(agentId: string, space: EmbeddingSpace): Promise<ExchangeSketches>
  /** Some of them are of vectors that are there no more. */
  forget(agentId: string, space: EmbeddingSpace): void
}

/** Makes sketches, and holds those of the agents that were searched last. */
export function exchangeSketchesIn(database: EmbeddedDatabase): HeldExchangeSketches {
  const held = new Map<string, ExchangeSketches>()
  const making = new Map<string, Promise<ExchangeSketches>>()
  const keyOf = (agentId: string, { model, dimensions }: EmbeddingSpace): string => `${dimensions} ${model} ${agentId}`

  const present = async (agentId: string, space: EmbeddingSpace, known: ExchangeSketches): Promise<ExchangeSketches> => {
    const total = countExchangeParts(database, agentId, space)
    if (known.ids.length === total) return known
    const more = known.ids.length < total ? await readFrom(database, { agentId, space, known }) : none
    // Else some were removed, or came before those that are known.
    return more.ids.length >= total || known === none ? more : readFrom(database, { agentId, space, known: none })
  }
  return {
    of: (agentId, space) => {
      const key = keyOf(agentId, space)
      // Several searches of an agent at once wait for the same.
      const made = making.get(key) ?? present(agentId, space, held.get(key) ?? none).then((sketches) => (holdLatest(held, key, sketches, bytesOfHeld), sketches)).finally(() => making.delete(key))
      making.set(key, made)
      return made
    },
    forget: (agentId, space) => void held.delete(keyOf(agentId, space)),
  }
}

/** Parts that are read at once: some milliseconds. */
const readAtOnce = 2_000

/** As one row, and sketches as a text of bytes: so passages' are read, too. */
const readSql = `SELECT json_group_array(id) AS ids, json_group_array(first) AS firsts, json_group_array(part) AS parts, json_group_array(at) AS ats, CAST(group_concat(vector1bit(vector), '') AS BLOB) AS sketches
  FROM (SELECT id, first, part, at, vector FROM exchange WHERE agent = ? AND model = ? AND dimensions = ? AND (first, part) > (?, ?) AND id > ? ORDER BY first, part LIMIT ${readAtOnce})`

/** Those that are known, and from the last of them on all that came later. */
async function readFrom(database: EmbeddedDatabase, { agentId, space, known }: { readonly agentId: string; readonly space: EmbeddingSpace; readonly known: ExchangeSketches }): Promise<ExchangeSketches> {
  const pieces = [known]
  const latest = known.ids.reduce((most, id) => Math.max(most, id), 0)
  for (let [first, part] = [known.firsts.at(-1) ?? 0, -1]; ; ) {
    const row = database.row(readSql, agentId, space.model, space.dimensions, first, part, latest) ?? {}
    const numbers = (column: string): Float64Array => Float64Array.from(JSON.parse(textOf(row, column)) as number[])
    const [ids, firsts] = [numbers('ids'), numbers('firsts')]
    if (ids.length > 0) pieces.push({ ids, firsts, ats: numbers('ats'), ...bitsOf(bytesOf(row, 'sketches'), ids.length) })
    if (ids.length < readAtOnce) return joined(pieces)
    first = firsts.at(-1) ?? 0
    part = numbers('parts').at(-1) ?? 0
    await afterOthers()
  }
}

function joined(pieces: readonly ExchangeSketches[]): ExchangeSketches {
  const numbers = (of: (piece: ExchangeSketches) => Float64Array): Float64Array => joinedInto(new Float64Array(lengthOf(pieces.map(of))), pieces.map(of))
  const bits = pieces.map((piece) => piece.bits)
  return { ids: numbers(({ ids }) => ids), firsts: numbers(({ firsts }) => firsts), ats: numbers(({ ats }) => ats), width: pieces.at(-1)?.width ?? 0, bits: joinedInto(new Uint32Array(lengthOf(bits)), bits) }
}

const lengthOf = (arrays: readonly ArrayLike<number>[]): number => arrays.reduce((sum, { length }) => sum + length, 0)

function joinedInto<Numbers extends Float64Array | Uint32Array>(whole: Numbers, pieces: readonly Numbers[]): Numbers {
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
