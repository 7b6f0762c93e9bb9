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
/** Of before schema 13: without what later ones have brought either. */
const withoutSums = 'DROP TABLE exchange; DROP TABLE aside_sum; DROP TRIGGER aside_cost_inserted; DROP TRIGGER aside_cost_deleted'
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
