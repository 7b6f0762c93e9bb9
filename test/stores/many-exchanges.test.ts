import { setImmediate as afterOthers } from 'node:timers/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../../eval/harness/random.ts'
import type { ArchivalStore, EmbeddingSpace } from '../../src/stores/archival.ts'
import { embeddedArchival } from '../../src/stores/embedded/archival.ts'
import { openDatabase } from '../../src/stores/embedded/database.ts'
import type { EmbeddedDatabase } from '../../src/stores/embedded/sql.ts'
import type { ExchangePart, ExchangeQuery } from '../../src/stores/exchanges.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const space: EmbeddingSpace = { model: 'unit', dimensions: 96 }
const chance = random(5)
const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next())
const middles = Array.from({ length: 40 }, () => Array.from({ length: space.dimensions }, gaussian))
const aVector = (): number[] => (middles[chance.below(middles.length)] ?? []).map((component) => component + 0.7 * gaussian())
const opposite = (vector: readonly number[]): number[] => vector.map((component) => -component)
const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, component, place) => sum + component * (other[place] ?? 0), 0) / (Math.hypot(...one) * Math.hypot(...other))

const timeOf = (seq: number): string => new Date(seq * 60_000).toISOString()
const part = (first: number, vector: readonly number[], more: Partial<ExchangePart> = {}): ExchangePart => ({ first, last: first + 1, part: 0, at: timeOf(first), vector, ...more })
/** Between each two there is room for one more. */
const stored = Array.from({ length: 6_000 }, (_, place) => part(4 * place + 1, aVector()))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let database: EmbeddedDatabase
let archival: ArchivalStore
let statements: string[] = []

async function open(): Promise<void> {
  database = await openDatabase(file)
  const watched: EmbeddedDatabase = {
    ...database,
    rows: (sql, ...values) => (statements.push(sql), database.rows(sql, ...values)),
    row: (sql, ...values) => (statements.push(sql), database.row(sql, ...values)),
  }
  archival = embeddedArchival(watched, async (action) => action(), () => undefined)
}

beforeAll(async () => {
  folder = await temporaryFolder()
  file = join(folder.path, 'memory.db')
  await open()
  await archival.exchanges.insert('ada', stored, space)
})
afterAll(async () => {
  database.close()
  await folder.remove()
})

const firsts = async (vector: readonly number[], more: Partial<ExchangeQuery> = {}): Promise<readonly number[]> =>
  (await archival.exchanges.nearest('ada', { vector, limit: 100, ...more }, space)).map(({ first }) => first)
const exact = (vector: readonly number[], passing: (one: ExchangePart) => boolean): readonly number[] =>
  stored.filter(passing).map((one) => ({ first: one.first, similarity: cosine(one.vector, vector) })).toSorted((one, other) => other.similarity - one.similarity).slice(0, 100).map(({ first }) => first)

// A hundred of many exchanges are nearly always the hundred that an exact scan finds, and what has changed is found as it is now.
describe('recall memory of many exchanges [scale:search recall:meaning]', () => {
  test('the first search lets others have their turn, and none compares all vectors', async () => {
    let [turns, searching] = [0, true]
    const others = async (): Promise<void> => {
      for (; searching; turns += 1) await afterOthers()
    }
    const counting = others()
    statements = []
    await firsts(aVector())
    searching = false
    await counting
    expect(turns).toBeGreaterThanOrEqual(3)
    await firsts(aVector())
    expect(statements.filter((sql) => sql.includes('vector_distance_cos')).map((sql) => sql.includes('json_each'))).toEqual([true, true])
    expect(statements.filter((sql) => sql.includes('vector1bit(vector)'))).toHaveLength(4)
  })

  test.for<[string, Partial<ExchangeQuery>, (one: ExchangePart) => boolean]>([
    ['all', {}, () => true],
    ['those before a message', { before: 12_001 }, ({ first }) => first < 12_001],
    ['those of a time', { from: timeOf(4_001), to: timeOf(20_001) }, ({ first }) => first >= 4_001 && first < 20_001],
    ['those of a short time', { from: timeOf(4_001), to: timeOf(5_001) }, ({ first }) => first >= 4_001 && first < 5_001],
  ])('at least 98 of 100 of the nearest of %s are found', async ([, query, passing]) => {
    let [shared, best] = [0, 0]
    for (let time = 0; time < 20; time += 1) {
      const vector = aVector()
      const [found, nearest] = [await firsts(vector, query), exact(vector, passing)]
      expect(found).toHaveLength(100)
      shared += found.filter((first) => nearest.includes(first)).length
      best += found.slice(0, 10).filter((first) => nearest.slice(0, 10).includes(first)).length
    }
    expect(shared).toBeGreaterThanOrEqual(1_960)
    expect(best).toBeGreaterThanOrEqual(196)
  })

  test('an exchange of very many parts takes no place of others', async () => {
    const vector = aVector()
    const long = Array.from({ length: 3_000 }, (_, number) => part(30_001, vector.map((component) => component + 0.01 * gaussian()), { part: number }))
    await archival.exchanges.insert('ada', long, space)
    const found = await firsts(vector)
    expect(found[0]).toBe(30_001)
    expect(found).toHaveLength(100)
    expect(found.filter((first) => exact(vector, () => true).includes(first)).length).toBeGreaterThanOrEqual(97)
  })

  test('an exchange is found as soon as it is stored, whoever stores it, also among earlier ones', async () => {
    const vector = opposite(aVector())
    await firsts(vector)
    await archival.exchanges.insert('ada', [part(40_001, vector)], space)
    expect((await firsts(vector))[0]).toBe(40_001)
    const another = await openDatabase(file)
    await embeddedArchival(another, async (action) => action(), () => undefined).exchanges.insert('ada', [part(3, vector), part(40_003, vector)], space)
    another.close()
    expect((await firsts(vector)).slice(0, 3)).toEqual([40_003, 40_001, 3])
  })

  test('what was erased by another process is not found, also if as much has come in its place', async () => {
    const vector = opposite(aVector())
    await firsts(vector)
    const another = await openDatabase(file)
    const count = Number(another.row(`SELECT count(*) AS count FROM exchange WHERE agent = 'ada'`)?.['count'])
    const other = embeddedArchival(another, async (action) => action(), () => undefined)
    await other.exchanges.insert('eve', [part(1, vector)], space)
    await other.eraseAgent('ada')
    const anew = [...stored.slice(1).map((one) => ({ ...one, first: one.first + 1 })), ...Array.from({ length: count - stored.length + 1 }, (_, place) => part(50_000 + place, place === 7 ? vector : aVector()))]
    await other.exchanges.insert('ada', anew, space)
    another.close()
    expect((await firsts(vector))[0]).toBe(50_007)
  })

  test('a file of an earlier program is searched so when it has been opened', async () => {
    for (const name of ['exchange_counted', 'exchange_uncounted']) database.run(`DROP TRIGGER ${name}`)
    database.run(`DELETE FROM kept_count WHERE of LIKE 'exchanges %'`)
    database.close()
    await open()
    statements = []
    await firsts(aVector())
    expect(statements.some((sql) => sql.includes('json_each'))).toBe(true)
  })

  test('nothing of them is kept in the file of an agent that is erased', async () => {
    await archival.eraseAgent('ada')
    expect(database.rows(`SELECT * FROM kept_count WHERE agent = 'ada'`)).toEqual([])
    expect(await firsts(aVector())).toEqual([])
  })

  test('what was said again and again does not hide what is nearer, though its sketch is not', async () => {
    const question = Array.from({ length: space.dimensions }, (_, place) => (place === 0 ? 10 : 1))
    const turned = (places: readonly number[]): number[] => question.map((component, place) => (places.includes(place) ? -component : component))
    const repeated = question.map((component, place) => (place === 0 ? -0.5 : component))
    const nearer = Array.from({ length: 300 }, (_, place) => turned([1 + (place % 20), 22 + (place % 20), 43 + (place % 20)]))
    const far = Array.from({ length: 1_000 }, (_, at) => question.map((component, place) => ((at * 7 + place * 13) % 3 === 0 ? component : -component)))
    const parts = [...new Array<number[]>(1_200).fill(repeated), ...nearer, ...far].map((vector, place) => part(2 * place + 1, vector))
    await archival.exchanges.insert('echo', parts, space)
    const found = await archival.exchanges.nearest('echo', { vector: question, limit: 100 }, space)
    expect(found.filter(({ first }) => first > 2_400 && first <= 3_000)).toHaveLength(100)
  })
})
