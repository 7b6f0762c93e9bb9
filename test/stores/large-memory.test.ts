import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { random } from '../../eval/harness/random.ts'
import type { ArchivalStore, EmbeddingSpace, Passage } from '../../src/stores/archival.ts'
import { embeddedArchival } from '../../src/stores/embedded/archival.ts'
import { bytesOf } from '../../src/stores/embedded/columns.ts'
import { openDatabase } from '../../src/stores/embedded/database.ts'
import { embeddedMemory } from '../../src/stores/embedded/memory.ts'
import type { EmbeddedDatabase } from '../../src/stores/embedded/sql.ts'
import { termsOf } from '../../src/stores/embedded/terms.ts'
import type { MeantQuery } from '../../src/stores/messages.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'

let folder: string
let file: string
let database: EmbeddedDatabase
let memory: MemoryStore
let archival: ArchivalStore

async function open(): Promise<void> {
  database = await openDatabase(file)
  memory = embeddedMemory(database, async (action) => action(), () => database.close())
  archival = embeddedArchival(database, async (action) => action(), () => undefined)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-large-'))
  file = join(folder, 'memory.db')
  await open()
})
afterAll(async () => {
  await memory.close()
  rmSync(folder, { recursive: true })
})

const messages = 30_000
const minute = 60_000
const timeOf = (seq: number): string => new Date(seq * minute).toISOString()

/** Messages by their words, each a minute after the one before. */
function putMessages(agentId: string, count: number, wordsOf: (seq: number) => string): void {
  const insert = `INSERT INTO message (agent, op, seq, turn, at, role, conversation, popped, body) VALUES (?, ?, ?, 1, ?, 'user', 1, 0, ?) RETURNING id`
  database.transaction(() => {
    for (let seq = 1; seq <= count; seq += 1) {
      const text = wordsOf(seq)
      const message = { agentId, op: `${agentId}/${seq}`, seq, turn: 1, step: 0, role: 'user', eventId: `e${seq}`, at: timeOf(seq), tokens: 1, content: [{ type: 'text', text }] }
      const [row] = database.rows(insert, agentId, message.op, seq, seq * minute, JSON.stringify(message))
      database.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', row?.['id'] ?? null, termsOf(agentId, text))
    }
  })
}

// A large recall memory is searched through the rare words of a question, and counted no further than anybody reads.
describe('recall memory of many messages [scale:search]', () => {
  beforeAll(() => {
    // All have one word, and each third another; three have a rare one, far apart from each other.
    const rare = [50, 9_000, 21_000]
    putMessages('ada', messages, (seq) => ['harbour', ...(seq % 3 === 0 ? ['gauge'] : []), ...(rare.includes(seq) ? ['zeppelin'] : []), ...(seq === 40 ? ['lantern'] : []), `no${seq}`].join(' '))
  })
  const search = (query: Partial<MeantQuery>) => memory.messages.search('ada', { order: 'newest', offset: 0, limit: 10, ...query })
  const seqs = async (query: Partial<MeantQuery>): Promise<readonly number[]> => (await search(query)).messages.map(({ seq }) => seq)

  test('a message with a rare word comes before those with words that all have, however old it is', async () => {
    expect((await seqs({ text: 'zeppelin harbour', order: 'relevance' })).slice(0, 3)).toEqual([21_000, 9_000, 50])
    expect((await seqs({ text: 'harbour gauge lantern', order: 'relevance' }))[0]).toBe(40)
  })

  test('of a rare word all that have it are counted; of a frequent one at least a thousand', async () => {
    expect(await search({ text: 'zeppelin', order: 'relevance' })).toMatchObject({ total: 3 })
    expect(await search({ text: 'zeppelin', order: 'relevance' })).not.toHaveProperty('atLeast')
    expect(await search({ text: 'harbour', order: 'relevance' })).toMatchObject({ total: 1_000, atLeast: true })
    expect(await search({ text: 'harbour', order: 'newest' })).toMatchObject({ total: 1_000, atLeast: true })
  })

  test('a frequent word finds its newest messages, and within a range of dates those of the range', async () => {
    expect(await seqs({ text: 'harbour', order: 'relevance', limit: 3 })).toEqual([messages - 1, messages - 2, messages - 3])
    expect(await seqs({ text: 'harbour', order: 'relevance', limit: 2, before: 500 })).toEqual([498, 497])
    const early = await seqs({ text: 'harbour gauge', order: 'relevance', from: timeOf(100), to: timeOf(131) })
    expect(early).toHaveLength(10)
    expect(early.every((seq) => seq % 3 === 0 && seq >= 100 && seq <= 130)).toBe(true)
  })

  test('a frequent word finds first what was said at a time that the question names, however long ago', async () => {
    const named = [{ from: timeOf(5_000), to: timeOf(5_004) }]
    expect((await seqs({ text: 'harbour', order: 'relevance', named })).slice(0, 4).toSorted((one, other) => one - other)).toEqual([5_000, 5_001, 5_002, 5_003])
    expect((await seqs({ text: 'harbour gauge', order: 'relevance', named }))[0]).toBe(5_001)
    expect((await seqs({ text: 'zeppelin harbour', order: 'relevance', named: [{ from: timeOf(8_000), to: timeOf(10_000) }] }))[0]).toBe(9_000)
  })

  test('a page follows each page, also beyond what is counted', async () => {
    const page = await search({ offset: 1_490, conversation: true })
    expect(page.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, place) => messages - 1_490 - place))
    expect(page.total).toBeGreaterThan(1_500)
    expect((await seqs({ text: 'harbour', order: 'relevance', offset: 1_490 })).length).toBe(10)
  })

  test('pages of a question are of one order, also where times are named, and leave nothing out', async () => {
    putMessages('bob', 7_000, (seq) => ['harbour', ...(seq % 3 === 0 ? ['gauge'] : []), ...(seq % 10 === 0 ? ['lantern'] : []), `no${seq % 6_000}`].join(' '))
    for (const query of [{ text: 'harbour' }, { text: 'harbour gauge lantern', named: [{ from: timeOf(1_000), to: timeOf(2_000) }] }]) {
      const found: number[] = []
      for (let offset = 0; offset < 8_000; offset += 500) found.push(...(await memory.messages.search('bob', { ...query, order: 'relevance', offset, limit: 500 })).messages.map(({ seq }) => seq))
      expect([found.length, new Set(found).size]).toEqual([7_000, 7_000])
    }
  })

  test('what was said once is found before what was said again many thousand times later', async () => {
    putMessages('tim', 4_500, (seq) => (seq === 100 ? 'A lantern fell into the harbour' : seq % 2 === 0 ? 'Light the lantern of the harbour' : 'The lantern of the harbour is lit'))
    const { messages: found } = await memory.messages.search('tim', { text: 'harbour lantern', order: 'relevance', offset: 0, limit: 3 })
    expect(found.map(({ seq }) => seq)).toContain(100)
  })

  test('what was said with a word that more than a hundred thousand results of tools have is found, and counted', async () => {
    putMessages('sam', 125_000, (seq) => (seq === 500 ? 'Keep each backup for seven years' : 'backup done'))
    database.run(`UPDATE message SET conversation = 0, role = 'tool' WHERE agent = 'sam' AND seq NOT IN (300, 500)`)
    for (const narrowed of [{ conversation: true }, { roles: ['user'] }, { conversation: true, from: timeOf(200) }] as const) {
      const found = await memory.messages.search('sam', { text: 'backup years', order: 'relevance', offset: 0, limit: 5, ...narrowed })
      expect([found.total, found.atLeast, found.messages.map(({ seq }) => seq)]).toEqual([2, undefined, [500, 300]])
    }
    expect(await memory.messages.search('sam', { text: 'backup', order: 'relevance', offset: 0, limit: 5, roles: ['system'] })).toMatchObject({ total: 0, messages: [] })
    expect(await memory.messages.search('sam', { text: 'backup', order: 'relevance', offset: 0, limit: 5 })).toMatchObject({ total: 1_000, atLeast: true })
  })

  test('what has two words that many ten thousand messages have one of each comes first, however old it is', async () => {
    putMessages('joe', 130_000, (seq) => (seq === 700 ? 'tide moor' : seq % 2 === 0 ? 'moor' : 'tide'))
    const { messages: found, ...counted } = await memory.messages.search('joe', { text: 'tide moor', order: 'relevance', offset: 0, limit: 2 })
    // The one behind it has a part of what it has.
    expect([found.map(({ seq }) => seq), counted]).toEqual([[701, 700], { total: 1_000, atLeast: true }])
    expect((await memory.messages.search('joe', { text: 'tide', order: 'relevance', offset: 0, limit: 2, before: 500 })).messages.map(({ seq }) => seq)).toEqual([499, 497])
  })

  test('dates give the newest of their range first, and how many they are', async () => {
    expect(await search({ from: timeOf(100), to: timeOf(120) })).toMatchObject({ total: 20, messages: [{ seq: 119 }, ...Array.from({ length: 9 }, (_, place) => ({ seq: 118 - place }))] })
    expect(await search({ to: timeOf(20_000) })).toMatchObject({ total: 1_000, atLeast: true, messages: Array.from({ length: 10 }, (_, place) => ({ seq: 19_999 - place })) })
    expect(await seqs({ from: timeOf(20_000), before: 20_100, limit: 1 })).toEqual([20_099])
  })

  test('what agents of tenants have of a word hides nothing of an agent of the default tenant that has their name [http:tenants]', async () => {
    putMessages('eve', 200, (seq) => (seq === 10 ? 'the zebra slept' : 'ordinary talk'))
    putMessages('.acme.eve', 6_000, () => 'a zebra')
    const found = await memory.messages.search('eve', { text: 'zebra', order: 'relevance', offset: 0, limit: 3 })
    expect(found).toMatchObject({ total: 1, messages: [{ agentId: 'eve', seq: 10 }] })
    expect((await memory.messages.search('.acme.eve', { text: 'zebra', order: 'relevance', offset: 0, limit: 1 })).messages).toMatchObject([{ agentId: '.acme.eve' }])
  })

  test('the count of all messages is kept', async () => {
    expect(await memory.messages.count('ada')).toBe(messages)
    expect(await search({})).toMatchObject({ total: messages })
  })
})

const space: EmbeddingSpace = { model: 'unit', dimensions: 96 }
const chance = random(5)
const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next())
const vectorAbout = (middle: readonly number[], spread: number): number[] => middle.map((component) => component + spread * gaussian())
const middles = Array.from({ length: 40 }, () => Array.from({ length: space.dimensions }, gaussian))
const aVector = (): number[] => vectorAbout(middles[chance.below(middles.length)] ?? [], 0.7)

const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, component, place) => sum + component * (other[place] ?? 0), 0) / (Math.hypot(...one) * Math.hypot(...other))

// Ten of many passages are nearly always the ten that an exact scan finds, and what has changed is found as it is now.
describe('archival memory of many passages [scale:search]', () => {
  const stored = Array.from({ length: 6_000 }, (_, number) => ({
    passage: { agentId: 'ada', op: `p${number}`, text: `passage ${number}${number % 1_000 === 7 ? ' zeppelin' : ''}`, tags: number % 3 === 0 ? ['third'] : [], source: number % 50 === 0 ? 'notes.txt' : 'agent', at: timeOf(number) } satisfies Passage,
    vector: aVector(),
  }))
  const query = (vector: readonly number[], rest: object = {}) => archival.search('ada', { words: '', vector, offset: 0, limit: 10, ...rest }, space)
  const exact = (vector: readonly number[], passing: (passage: Passage) => boolean = () => true): readonly string[] =>
    stored.filter(({ passage }) => passing(passage)).map(({ passage, vector: own }) => ({ op: passage.op, similarity: cosine(own, vector) })).toSorted((one, other) => other.similarity - one.similarity).slice(0, 10).map(({ op }) => op)

  beforeAll(async () => {
    await archival.insert(stored, space)
  })

  test.for<[string, object, ((passage: Passage) => boolean) | undefined]>([
    ['all', {}, undefined],
    ['those of a source', { source: 'notes.txt' }, ({ source }) => source === 'notes.txt'],
    ['those with a tag', { tags: ['third'] }, ({ tags }) => tags.includes('third')],
    ['those of a time', { from: timeOf(1_000), to: timeOf(5_000) }, ({ at }) => at >= timeOf(1_000) && at < timeOf(5_000)],
  ])('at least 98 of 100 of the nearest of %s are found', async ([, filters, passing]) => {
    let shared = 0
    for (let time = 0; time < 20; time += 1) {
      const vector = aVector()
      const { hits, total } = await query(vector, filters)
      const nearest = exact(vector, passing)
      expect(total).toBe(stored.filter(({ passage }) => passing?.(passage) ?? true).length)
      shared += hits.filter(({ passage }) => nearest.includes(passage.op)).length
    }
    expect(shared).toBeGreaterThanOrEqual(196)
  })

  test('pages go on to the last passage, each once', async () => {
    const vector = aVector()
    const pages = await Promise.all([0, 2_000, 4_000].map((offset) => query(vector, { offset, limit: 2_000 })))
    expect(new Set(pages.flatMap(({ hits }) => hits.map(({ passage }) => passage.op))).size).toBe(stored.length)
  })

  test('a passage that has a rare word is among the first, whatever it means', async () => {
    const { hits } = await query(aVector(), { words: 'zeppelin', limit: 6 })
    expect(hits.filter(({ passage }) => passage.text.includes('zeppelin'))).toHaveLength(6)
  })

  test('within a tag a word counts that thousands of passages outside of it have', async () => {
    const { hits } = await query(aVector(), { words: 'passage 3003', tags: ['third'], limit: 1 })
    expect(hits[0]?.passage.op).toBe('p3003')
    await archival.insert(Array.from({ length: 2_500 }, (_, number) => ({ passage: { agentId: 'ada', op: `i${number}`, text: 'invoice', tags: ['old'], source: 'agent', at: timeOf(1) }, vector: aVector() })), space)
    const text = 'In the drawer of the kitchen lies the invoice of the plumber, beside the keys and the letters'
    const vector = aVector()
    await archival.insert([{ passage: { agentId: 'ada', op: 'drawer', text, tags: ['third'], source: 'agent', at: timeOf(1) }, vector }], space)
    expect((await query(vector.map((component) => -component), { words: 'invoice', tags: ['third'], limit: 1 })).hits[0]?.passage.op).toBe('drawer')
    await archival.remove('ada', ['drawer', ...Array.from({ length: 2_500 }, (_, number) => `i${number}`)])
  })

  test('of held sketches no more are read after an insert than those that came with it, and all after a change by others', async () => {
    const [near, vector] = [stored[123]?.vector ?? [], aVector()]
    const first = async (at: readonly number[]) => (await query(at, { limit: 1 })).hits[0]?.passage.op
    expect(await first(near)).toBe('p123')
    // As no program writes it, so that a reading of all of them is seen.
    const [row] = database.rows(`SELECT passage_sketch.id, passage_sketch.vector FROM passage_sketch JOIN passage USING (id) WHERE passage.agent = 'ada' AND op = 'p123'`)
    const [id, sketch] = [row?.['id'] ?? null, bytesOf(row ?? {}, 'vector')]
    const write = (bytes: Uint8Array) => database.run(`UPDATE passage_sketch SET vector = ? WHERE agent = 'ada' AND id = ?`, bytes, id)
    write(sketch.map((byte, place) => (place < space.dimensions / 8 ? 255 - byte : byte)))
    for (const op of ['later', 'latest']) await archival.insert([{ passage: { agentId: 'ada', op, text: op, tags: [], source: 'agent', at: timeOf(1) }, vector }], space)
    expect([await first(near), await first(vector)]).toEqual(['p123', 'later'])
    await archival.remove('ada', ['later'])
    expect([await first(near), await first(vector)]).toEqual([expect.not.stringMatching(/^p123$/), 'latest'])
    write(sketch)
    await archival.remove('ada', ['latest'])
    expect([await first(near), await first(vector)]).toEqual(['p123', expect.not.stringMatching(/^latest$/)])
  })

  test('passages that the embedding model refuses are found by their words and on the last page, and the others by sketches all the same [archival:embedding-guard]', async () => {
    const refused = ['p200', 'p4007']
    const set = (ops: readonly string[], vectorOf: (op: string) => Uint8Array): void => {
      for (const op of ops) database.run(`UPDATE passage SET vector = ? WHERE agent = 'ada' AND op = ?`, vectorOf(op), op)
    }
    const held = new Map([...refused, 'p123'].map((op) => [op, bytesOf(database.row(`SELECT vector FROM passage WHERE agent = 'ada' AND op = ?`, op) ?? {}, 'vector')]))
    const vectorOf = (op: string): Uint8Array => held.get(op) ?? new Uint8Array()
    set(refused, () => new Uint8Array())
    const near = stored[123]?.vector ?? []
    const first = async (words = ''): Promise<string | undefined> => (await query(near, { words, limit: 1 })).hits[0]?.passage.op
    expect([await first(), await first('zeppelin 4007')]).toEqual(['p123', 'p4007'])
    const { hits, total } = await query(near, { offset: stored.length - 2, limit: 10 })
    expect([hits.map(({ passage }) => passage.op), total]).toEqual([refused, stored.length])
    const pages = await Promise.all([0, 2_000, 4_000].map((offset) => query(near, { offset, limit: 2_000 })))
    expect(new Set(pages.flatMap((page) => page.hits.map(({ passage }) => passage.op))).size).toBe(stored.length)
    // As no program does it: a scan of all vectors would find that passage without its sketch.
    database.run(`UPDATE passage_sketch SET vector = x'' WHERE agent = 'ada' AND id = (SELECT id FROM passage WHERE agent = 'ada' AND op = 'p123')`)
    await archival.insert([{ passage: { agentId: 'ada', op: 'changed', text: 'changed', tags: [], source: 'agent', at: timeOf(1) }, vector: near.map((component) => -component) }], space)
    await archival.remove('ada', ['changed'])
    expect(await first()).not.toBe('p123')
    set([...refused, 'p123'], vectorOf)
    expect(await first()).toBe('p123')
  })

  test('a passage is found as it is after each change', async () => {
    const [vector, former] = [aVector().map((component) => -component), stored[10]?.vector ?? []]
    const passage: Passage = { agentId: 'ada', op: 'new', text: 'new', tags: [], source: 'agent', at: timeOf(1) }
    const first = async (near: readonly number[], rest: object = {}): Promise<string | undefined> => (await query(near, { limit: 1, ...rest })).hits[0]?.passage.op
    await query(vector)
    await archival.insert([{ passage, vector }], space)
    expect(await first(vector)).toBe('new')
    await archival.edit({ passage: { ...passage, edits: [{ op: 'e', by: 'Ann', at: timeOf(2) }] }, vector: former.map((component) => component * 1.01) }, space)
    expect(await first(vector)).not.toBe('new')
    expect((await query(former, { limit: 2 })).hits.map(({ passage: { op } }) => op).toSorted()).toEqual(['new', 'p10'])
    await archival.supersede('ada', 'new', 'p10')
    expect((await query(former, { limit: 2 })).hits.map(({ passage: { op } }) => op)).not.toContain('new')
    expect((await query(former, { limit: 2, superseded: true })).hits.map(({ passage: { op } }) => op)).toContain('new')
    expect(await archival.count('ada')).toBe(stored.length)
    await archival.remove('ada', ['new', 'p10'])
    expect((await query(former, { limit: 5, superseded: true })).hits.map(({ passage: { op } }) => op)).not.toContain('p10')
    expect(await archival.count('ada')).toBe(stored.length - 1)
  })

  test('a file of an earlier program gets counts and sketches when it is opened, and of what that program adds meanwhile', async () => {
    const names = ['message_counted', 'message_uncounted', 'passage_counted', 'passage_uncounted', 'passage_recounted', 'passage_sketched', 'passage_sketched_anew', 'passage_unsketched']
    for (const name of names) database.run(`DROP TRIGGER ${name}`)
    for (const name of ['kept_count', 'passage_sketch']) database.run(`DROP TABLE ${name}`)
    database.close()
    await open()
    expect(await archival.count('ada')).toBe(stored.length - 1)
    expect(await memory.messages.count('ada')).toBe(messages)
    const near = stored[99]?.vector ?? []
    expect((await query(near, { limit: 1 })).hits[0]?.passage.op).toBe('p99')
    database.run(`INSERT INTO passage (agent, op, source, at, tags, vector, second_vector, body) SELECT agent, 'other', source, at, tags, vector, second_vector, json_set(body, '$.op', 'other') FROM passage WHERE agent = 'ada' AND op = 'p99'`)
    expect((await query(near, { limit: 2 })).hits.map(({ passage: { op } }) => op)).toContain('other')
  })

  test('nothing of them is kept of an agent that is erased', async () => {
    await archival.eraseAgent('ada')
    await memory.eraseAgent('ada')
    for (const table of ['kept_count', 'passage_sketch']) expect(database.rows(`SELECT * FROM ${table} WHERE agent = 'ada'`)).toEqual([])
    expect(await archival.count('ada')).toBe(0)
  })
})
