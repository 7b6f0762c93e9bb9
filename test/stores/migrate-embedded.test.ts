import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { idsOf } from '../../src/protocol/tenant.ts'
import { openDatabase } from '../../src/stores/embedded/database.ts'
import { embeddedMemory } from '../../src/stores/embedded/memory.ts'
import { migrateEmbedded } from '../../src/stores/embedded/migrate.ts'
import { embeddedMigrations } from '../../src/stores/embedded/migrations/list.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { rewordFile } from '../../src/stores/embedded/reword-file.ts'
import { storesSchema } from '../../src/stores/schema.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { wordsOf } from '../../src/words/words.ts'
import { sampleMessage } from './memory/samples.ts'
import { keptContents, putKeptFile, type KeptContents } from './kept/kept-file.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-migrate-'))
  file = join(folder, 'memory.db')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const sql = (path: string, statement: string): readonly unknown[] => {
  const database = new Libsql(path)
  try {
    return database.prepare(statement).all([])
  } finally {
    database.close()
  }
}
/** Of before schema 17. */
const withoutStems = 'DROP TABLE passage_unstemmed; DROP TRIGGER passage_inserted_unstemmed; DROP TRIGGER passage_edited_unstemmed'
/** Of before schema 13: without what later ones have brought either. */
const withoutSums = `${withoutStems}; ALTER TABLE agent_name DROP COLUMN deletions; DROP TABLE exchange; DROP TABLE aside_sum; DROP TRIGGER aside_cost_inserted; DROP TRIGGER aside_cost_deleted`
const versionOf = (path: string): number | undefined => (sql(path, 'PRAGMA user_version') as readonly { user_version: number }[])[0]?.user_version

async function contentsOf({ memory, archival }: Stores, { turns, blocks }: KeptContents): Promise<KeptContents> {
  const blockIds = [...new Set(blocks.map(({ blockId }) => blockId))]
  const checkpoint = await memory.checkpoints.get('ada', 'before-move')
  if (checkpoint === undefined) throw new Error('the checkpoint is gone')
  return {
    agents: await memory.agents.list({ within: idsOf(undefined), limit: 1_000 }),
    messages: await memory.messages.after('ada', 0, 1_000),
    blocks: (await Promise.all(blockIds.map((blockId) => memory.blocks.history(blockId, 100)))).flat(),
    passages: await archival.list('ada', 0, 100),
    checkpoint,
    turns: (await Promise.all(turns.map(({ turn }) => memory.turns.get('ada', turn)))).flatMap((turn) => (turn === undefined ? [] : [turn])),
    boat: (await memory.messages.search('ada', { text: 'boat', order: 'relevance', offset: 0, limit: 10 })).messages.map(({ op }) => op).toSorted(),
  }
}

test('the migrations of a file lead to the present schema one by one [deploy:versioning]', () => {
  expect(embeddedMigrations.map(({ to }) => to)).toEqual(Array.from({ length: storesSchema }, (_, index) => index + 1))
})

describe('a file that 0.1.0 wrote', () => {
  test('is brought up to date when it is opened: every message, block version, passage and checkpoint is there [deploy:versioning, recall:never-deleted]', async () => {
    putKeptFile('0.1.0', file)
    const kept = keptContents('0.1.0')
    const stores = await openEmbeddedStores({ file })
    expect(await contentsOf(stores, kept)).toEqual(kept)
    const answer = { agentId: 'ada', op: 'ada/1/1/0', id: 'i', answer: 'approve', at: '2024-03-01T12:00:00.000Z' } as const
    expect(await stores.memory.answers.put(answer)).toEqual(answer)
    await stores.close()
    expect(versionOf(file)).toBe(storesSchema)
    expect(sql(file, 'SELECT version, program FROM schema')).toEqual([{ version: storesSchema, program: expect.stringMatching(/^\d+\.\d+\.\d+/) as string }])
  })

  test('keeps what each message says, a NUL too, as content in parts [message:parts, deploy:versioning]', async () => {
    putKeptFile('0.1.0', file)
    const text = 'cut\u0000here "and" there \\ \u{1f427}'
    const [kept = expect.fail('no message was kept')] = keptContents('0.1.0').messages
    const raw = new Libsql(file)
    raw.prepare('INSERT INTO message (agent, op, seq, turn, at, role, conversation, body) VALUES (?, ?, 900, 1, 0, ?, 0, ?)').run(['ada', 'ada/late', 'user', JSON.stringify({ ...kept, op: 'ada/late', seq: 900, text })])
    raw.close()
    const stores = await openEmbeddedStores({ file })
    expect(await stores.memory.messages.byOp('ada', 'ada/late')).toEqual({ ...kept, op: 'ada/late', seq: 900, text })
    await stores.close()
    const bodies = sql(file, 'SELECT body FROM message') as readonly { readonly body: string }[]
    const forms = bodies.map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>)
    expect(forms.every((form) => !('text' in form) && Array.isArray(form['content']))).toBe(true)
    expect(forms.map(({ content }) => content)).toContainEqual([{ type: 'text', text }])
  })

  test('has the words made anew of every message and passage, slice by slice, and goes on where that was broken off [deploy:versioning, recall:search]', async () => {
    putKeptFile('0.1.0', file)
    const [kept = expect.fail('no message was kept')] = keptContents('0.1.0').messages
    const raw = new Libsql(file)
    for (let seq = 900; seq < 1_400; seq += 1) {
      const body = JSON.stringify({ ...kept, op: `ada/late/${seq}`, seq, text: '등대에서' })
      const id = (raw.prepare('INSERT INTO message (agent, op, seq, turn, at, role, conversation, body) VALUES (?, ?, ?, 1, 0, ?, 0, ?) RETURNING id').get(['ada', `ada/late/${seq}`, seq, 'user', body]) as { id: number }).id
      raw.prepare('INSERT INTO message_words (rowid, words) VALUES (?, ?)').run([id, 'ada:등대에서'])
    }
    raw.close()
    const found = async (stores: Stores): Promise<number> => (await stores.memory.messages.search('ada', { text: '등대', order: 'newest', offset: 0, limit: 1 })).total
    const first = await openEmbeddedStores({ file })
    expect(await found(first)).toBe(500)
    expect(sql(file, 'SELECT * FROM rewording')).toEqual([])
    await first.close()
    const again = new Libsql(file)
    again.exec(`UPDATE message_words SET words = 'ada:former' WHERE rowid > (SELECT max(id) - 250 FROM message)`)
    again.exec(`INSERT INTO rewording (of, done, last) SELECT 'message', max(id) - 250, max(id) FROM message`)
    again.close()
    const second = await openEmbeddedStores({ file })
    expect(await found(second)).toBe(500)
    await second.close()
  })

  test('lies beside it as it was, whole, and only that [deploy:versioning]', async () => {
    putKeptFile('0.1.0', file)
    await (await openEmbeddedStores({ file })).close()
    const copy = `${file}.schema-1`
    expect(versionOf(copy)).toBe(1)
    for (const table of ['message', 'block_version', 'passage', 'checkpoint', 'event', 'turn']) {
      expect(sql(copy, `SELECT count(*) AS rows FROM ${table}`), table).toEqual(sql(file, `SELECT count(*) AS rows FROM ${table}`))
    }
    expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([])
    rmSync(copy)
    await (await openEmbeddedStores({ file })).close()
    expect(existsSync(copy)).toBe(false)
  })

  test('is left as it is by a dry run, which says what would change [deploy:versioning]', async () => {
    putKeptFile('0.1.0', file)
    const changes = embeddedMigrations.slice(1).map(({ to, describe: text, steps }) => ({ to, describe: text, count: steps.length }))
    const report = await migrateEmbedded({ file, dryRun: true })
    expect(report).toMatchObject({ found: 1, to: storesSchema, changes })
    expect(versionOf(file)).toBe(1)
    expect(await migrateEmbedded({ file, dryRun: false })).toMatchObject({ found: 1, changes, copy: `${file}.schema-1` })
    expect(await migrateEmbedded({ file, dryRun: false })).toMatchObject({ found: storesSchema, changes: [] })
  })

  test('loses nothing when the process is killed in the middle of it, and is migrated by the next one [deploy:versioning]', async () => {
    putKeptFile('0.1.0', file)
    const kept = keptContents('0.1.0')
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'embedded', 'killed-migration.ts'), file], { stdio: 'inherit' })
    const [, signal] = (await once(child, 'close')) as [number | null, string | null]
    expect(signal).toBe('SIGKILL')
    expect(versionOf(file)).toBe(1)
    const stores = await openEmbeddedStores({ file })
    expect(await contentsOf(stores, kept)).toEqual(kept)
    await stores.close()
    expect(versionOf(file)).toBe(storesSchema)
  })

  test('is migrated once by several processes that open it at once [deploy:versioning]', async () => {
    putKeptFile('0.1.0', file)
    const open = join(import.meta.dirname, 'embedded', 'opener.ts')
    const codes = await Promise.all(
      [1, 2, 3].map(async () => ((await once(spawn(process.execPath, ['--import', 'tsx', open, file], { stdio: 'inherit' }), 'close')) as [number | null])[0]),
    )
    expect(codes).toEqual([0, 0, 0])
    expect(versionOf(file)).toBe(storesSchema)
    expect(versionOf(`${file}.schema-1`)).toBe(1)
  })
})

test('a file of before has the blocks that left its definitions, each as it stood in the last version that had it [definition:living, deploy:versioning]', async () => {
  const first = await openEmbeddedStores({ file })
  const { agents, definitions } = first.memory
  const { key, definition } = await agents.create({ definition: defineAgent({ id: 'ada' }), digest: 'd', createdAt: '2026-01-01T00:00:00.000Z' })
  const [persona = expect.fail(), human = expect.fail()] = definition.blocks
  const renamed = { ...human, label: 'person', value: 'Name: Ada' }
  const versions = [[persona, human], [persona, renamed], [persona]]
  for (const [index, blocks] of versions.entries()) {
    await definitions.insert({ agentId: key, version: index + 1, definition: { ...definition, blocks }, op: `op ${index}`, author: 'ada', turn: 0, at: '2026-01-01T00:00:00.000Z' })
  }
  await first.close()
  const raw = new Libsql(file)
  raw.exec(`DROP TABLE former_block; ${withoutSums}; PRAGMA user_version = 10`)
  raw.close()
  const later = await openEmbeddedStores({ file })
  expect(await later.memory.definitions.formerBlock(key, human.blockId)).toEqual(renamed)
  expect(await later.memory.definitions.formerBlockOf(key, 'person', [])).toEqual(renamed)
  expect(await later.memory.definitions.formerBlockOf(key, 'human', [])).toBeUndefined()
  await later.close()
})

test('a file of before has the sum of what the asides of each agent have cost [cost, deploy:versioning]', async () => {
  const cost = { agentId: 'ada', id: 'a', at: '2026-01-01T00:00:00.000Z', model: 'm', usage: { promptTokens: 10, cachedTokens: 2, completionTokens: 3 }, latencyMs: 1 }
  const first = await openEmbeddedStores({ file })
  for (const one of [cost, { ...cost, id: 'b', usage: { ...cost.usage, costMicros: 7 } }, { ...cost, agentId: 'bob' }]) await first.memory.asideCosts.insert(one)
  const agents = ['ada', 'bob', 'eve']
  const sums = await Promise.all(agents.map((agentId) => first.memory.asideCosts.spent(agentId)))
  await first.close()
  const raw = new Libsql(file)
  raw.exec(`${withoutSums}; PRAGMA user_version = 12`)
  raw.close()
  const later = await openEmbeddedStores({ file })
  expect(await Promise.all(agents.map((agentId) => later.memory.asideCosts.spent(agentId)))).toEqual(sums)
  expect(sums).toMatchObject([{ promptTokens: 20, costMicros: 7, unpriced: 1 }, { promptTokens: 10, unpriced: 1 }, { promptTokens: 0 }])
  await later.close()
})

test('a file of before goes on with a deletion, and keeps by which command it was [agent:generations, deploy:versioning]', async () => {
  const first = await openEmbeddedStores({ file })
  const { key } = await first.memory.agents.create({ definition: defineAgent({ id: 'ada' }), digest: 'd', createdAt: '2026-01-01T00:00:00.000Z' })
  await first.memory.agents.markDeleting(key, '2026-01-02T00:00:00.000Z', 'command')
  await first.close()
  const raw = new Libsql(file)
  raw.exec(`${withoutStems}; ALTER TABLE agent_name DROP COLUMN deletions; PRAGMA user_version = 14`)
  raw.close()
  const later = await openEmbeddedStores({ file })
  const { agents } = later.memory
  expect(await agents.wasDeletedBy('ada', 'command')).toBe(true)
  await later.memory.eraseAgent(key)
  expect([await agents.get(key), await agents.wasDeletedBy('ada', 'command'), await agents.wasDeletedBy('ada', 'another')]).toEqual([undefined, true, false])
  await later.close()
})

test("a file of before has the words of tenants' agents made anew, and is found by them as before, and the words of no other agent that lies before or behind them [http:tenants, deploy:versioning]", async () => {
  const first = await openEmbeddedStores({ file })
  const agents = ['ada', '.acme.ada', 'eve', '.acme.ada~2', 'bob']
  for (const agentId of agents) {
    await first.memory.messages.insert(sampleMessage(agentId, 1, 'penguin'))
    await first.archival.insert([{ passage: { agentId, op: `${agentId}/p`, text: 'penguin', tags: [], source: 'agent', at: '2026-01-01T00:00:00.000Z' }, vector: [1, 0] }], { model: 'm', dimensions: 2 })
  }
  await first.close()
  const raw = new Libsql(file)
  const tokensOf = (table: string): readonly unknown[] => {
    raw.exec(`DROP TABLE IF EXISTS temp.tokens; CREATE VIRTUAL TABLE temp.tokens USING fts5vocab('main', '${table}', 'row')`)
    return raw.prepare('SELECT term FROM temp.tokens ORDER BY term').all([])
  }
  const tables = ['message', 'passage'] as const
  const present = tables.map((table) => tokensOf(`${table}_words`))
  for (const table of tables) {
    raw.exec(`DELETE FROM ${table}_words`)
    const former = `(CASE id WHEN 1 THEN 'former' WHEN 5 THEN 'former' ELSE replace(agent, '~', ':') || ':penguin' END)`
    raw.exec(`INSERT INTO ${table}_words (rowid, words) SELECT id, ${former} FROM ${table}`)
    expect(tokensOf(`${table}_words`)).toContainEqual({ term: 'ada:2:penguin' })
  }
  raw.exec(`${withoutStems}; PRAGMA user_version = 15`)
  raw.close()
  const later = await openEmbeddedStores({ file })
  for (const agentId of agents) expect((await later.memory.messages.search(agentId, { text: 'penguin', order: 'newest', offset: 0, limit: 1 })).total, agentId).toBe(['ada', 'bob'].includes(agentId) ? 0 : 1)
  await later.close()
  const anew = new Libsql(file)
  for (const [place, table] of tables.entries()) {
    anew.exec(`CREATE VIRTUAL TABLE temp.${table}_tokens USING fts5vocab('main', '${table}_words', 'row')`)
    // The change to 17 makes the words of all passages anew.
    const left = table === 'passage' ? [] : ['ada:penguin', 'bob:penguin']
    expect(anew.prepare(`SELECT term FROM temp.${table}_tokens WHERE term <> 'former' ORDER BY term`).all([])).toEqual(present[place]?.filter((token) => !left.includes((token as { term: string }).term)))
  }
  anew.close()
})

test('an aside that a process of an earlier version answers meanwhile is in the sum, once, and gone with its agent [cost, deploy:versioning]', async () => {
  const [one, other] = [new Libsql(file), await openEmbeddedStores({ file })]
  // As schemas 10 to 12 do it.
  const insert = one.prepare('INSERT INTO aside_cost (agent, id, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const store = (id: string, costMicros?: number): unknown => insert.run(['ada', id, JSON.stringify({ usage: { promptTokens: 10, cachedTokens: 2, completionTokens: 3, ...(costMicros !== undefined && { costMicros }) } })])
  for (const [id, costMicros] of [['a'], ['b', 7], ['b', 7], ['c', 5]] as const) store(id, costMicros)
  expect(await other.memory.asideCosts.spent('ada')).toEqual({ promptTokens: 30, cachedTokens: 6, completionTokens: 9, costMicros: 12, unpriced: 1 })
  one.exec(`DELETE FROM aside_cost WHERE agent = 'ada'`)
  expect(await other.memory.asideCosts.spent('ada')).toMatchObject({ promptTokens: 0 })
  one.close()
  await other.close()
})

describe('a file of before schema 17', () => {
  const space = { model: 'm', dimensions: 2 }
  const at = '2026-01-01T00:00:00.000Z'
  const passage = (number: number, text: string) => ({ agentId: 'ada', op: `ada/${number}`, text, tags: [], source: 'agent', at })
  const found = async ({ archival }: Pick<Stores, 'archival'>, words: string): Promise<readonly string[]> =>
    (await archival.search('ada', { words, vector: [0, 0], offset: 0, limit: 500 }, space)).hits.filter(({ score }) => score > 0).map(({ passage: { text } }) => text)
  /** As schemas 9 to 16 do it: words without stems. */
  const storeAsBefore = (raw: Libsql.Database, number: number, text: string): void => {
    const { id } = raw.prepare(`INSERT INTO passage (agent, op, source, at, tags, vector, second_vector, body) SELECT 'ada', ?, 'agent', 0, '[]', vector, x'', ? FROM passage LIMIT 1 RETURNING id`).get([`ada/${number}`, JSON.stringify(passage(number, text))]) as { id: number }
    raw.prepare('INSERT INTO passage_words (rowid, words) VALUES (?, ?)').run([id, wordsOf(text).map((word) => `ada:${word}`).join(' ')])
  }
  const editAsBefore = (raw: Libsql.Database, number: number, text: string): void => {
    const { id } = raw.prepare('UPDATE passage SET body = ? WHERE op = ? RETURNING id').get([JSON.stringify(passage(number, text)), `ada/${number}`]) as { id: number }
    raw.prepare('DELETE FROM passage_words WHERE rowid = ?').run([id])
    raw.prepare('INSERT INTO passage_words (rowid, words) VALUES (?, ?)').run([id, wordsOf(text).map((word) => `ada:${word}`).join(' ')])
  }

  test('has the stems of its passages made when it is opened, in slices that leave the event loop free, and goes on where that was broken off [archival:insert-search, deploy:versioning]', async () => {
    const first = await openEmbeddedStores({ file })
    await first.archival.insert([{ passage: passage(0, 'running'), vector: [1, 0] }], space)
    await first.close()
    const raw = new Libsql(file)
    raw.exec(withoutStems)
    for (let number = 1; number < 450; number += 1) storeAsBefore(raw, number, `running ${'and many other words of it '.repeat(50)}`)
    raw.exec('PRAGMA user_version = 16')
    raw.close()
    let turns = 0
    const turn = (): void => void (turns += 1, timer = setImmediate(turn))
    let timer = setImmediate(turn)
    const second = await openEmbeddedStores({ file })
    clearImmediate(timer)
    expect(turns).toBeGreaterThan(4)
    expect(await found(second, 'runs')).toHaveLength(450)
    expect(sql(file, 'SELECT * FROM rewording')).toEqual([])
    await second.close()
    const again = new Libsql(file)
    again.exec(`UPDATE passage_words SET words = 'ada:running' WHERE rowid > (SELECT max(id) - 200 FROM passage)`)
    again.exec(`INSERT INTO rewording (of, done, last) SELECT 'passage', max(id) - 200, max(id) FROM passage`)
    again.close()
    const third = await openEmbeddedStores({ file })
    expect(await found(third, 'runs')).toHaveLength(450)
    await third.close()
  })

  test('may be open in a process of before as well: what that writes is found by its words at once, and by their stems from the next opening on [archival:insert-search, deploy:versioning]', async () => {
    const first = await openEmbeddedStores({ file })
    await first.archival.insert([{ passage: passage(0, 'The mill runs.'), vector: [1, 0] }, { passage: passage(1, 'Somebody else.'), vector: [1, 0] }], space)
    expect(sql(file, 'SELECT * FROM passage_unstemmed')).toEqual([])
    const before = new Libsql(file)
    storeAsBefore(before, 2, 'Running water.')
    storeAsBefore(before, 3, 'Running away.')
    editAsBefore(before, 1, 'Two runners were running.')
    before.exec(`UPDATE passage SET body = json_set(body, '$.supersededBy', 'x') WHERE op = 'ada/0'`)
    expect([await found(first, 'runs'), (await found(first, 'running')).length]).toEqual([['The mill runs.'], 4])
    await first.archival.remove('ada', ['ada/3'])
    before.close()
    await first.close()
    expect(sql(file, 'SELECT * FROM passage_unstemmed')).toHaveLength(3)
    const second = await openEmbeddedStores({ file })
    expect((await found(second, 'runs')).toSorted()).toEqual(['Running water.', 'The mill runs.', 'Two runners were running.'])
    expect(sql(file, 'SELECT * FROM passage_unstemmed')).toEqual([])
    await second.close()
  })
})

test('words are made anew by no process of a version before the file\'s own [recall:search, deploy:versioning]', async () => {
  const [database, other] = [await openDatabase(file), new Libsql(file)]
  await embeddedMemory(database, async (action) => action(), () => undefined).messages.insert(sampleMessage('ada', 1, 'penguin'))
  other.exec(`INSERT INTO rewording (of, done, last) VALUES ('message', 0, 1); PRAGMA user_version = ${storesSchema + 1}`)
  await rewordFile(database, async (action) => action())
  expect(sql(file, 'SELECT done FROM rewording')).toEqual([{ done: 0 }])
  other.exec(`PRAGMA user_version = ${storesSchema}`)
  await rewordFile(database, async (action) => action())
  expect(sql(file, 'SELECT done FROM rewording')).toEqual([])
  other.close()
  database.close()
})

test('a file of a newer version is refused by name, with its version, its program and what to do, and left as it is [deploy:versioning]', async () => {
  await (await openEmbeddedStores({ file })).close()
  const database = new Libsql(file)
  database.exec(`INSERT INTO schema VALUES (99, '7.1.0', '2031-01-01T00:00:00Z')`)
  database.exec('PRAGMA user_version = 99')
  database.close()
  const message = expect.stringMatching(/memory\.db has schema 99, written by Perdure 7\.1\.0; this is Perdure \d.*knows schemas up to \d+: run 7\.1\.0, or a later one/) as string
  await expect(openEmbeddedStores({ file })).rejects.toMatchObject({ code: 'schema-newer', message })
  expect(versionOf(file)).toBe(99)
})
