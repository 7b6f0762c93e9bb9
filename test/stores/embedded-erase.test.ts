import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ArchivalStore } from '../../src/stores/archival.ts'
import { embeddedArchival } from '../../src/stores/embedded/archival.ts'
import type { WhileBusy } from '../../src/stores/embedded/busy.ts'
import { openDatabase } from '../../src/stores/embedded/database.ts'
import { embeddedMemory } from '../../src/stores/embedded/memory.ts'
import type { EmbeddedDatabase } from '../../src/stores/embedded/sql.ts'
import { termsOf } from '../../src/stores/embedded/terms.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'
import { insertAll } from './archival/samples.ts'
import { sampleAgent, sampleMessage } from './memory/samples.ts'

let folder: string
let file: string
let database: EmbeddedDatabase
let memory: MemoryStore
let archival: ArchivalStore
/** Comes before each transaction of an erasure, as what others do. */
let before: () => unknown
let calls: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-erase-'))
  file = join(folder, 'memory.db')
  database = await openDatabase(file)
  before = () => undefined
  calls = 0
  const whileBusy: WhileBusy = async (action) => {
    calls += 1
    before()
    return action()
  }
  memory = embeddedMemory({ ...database, run: (sql, ...values) => (takeLong(sql), database.run(sql, ...values)) }, whileBusy, () => database.close())
  archival = embeddedArchival(database, whileBusy, () => undefined)
})
afterEach(async () => {
  await memory.close()
  rmSync(folder, { recursive: true })
})

/** As on a machine on which each piece of a word index takes a while. */
function takeLong(sql: string): void {
  const end = performance.now() + (sql.includes(`'merge'`) ? 4 : 0)
  while (performance.now() < end);
}

/** No two begin alike: an index leaves out what a word has in common with the one before it. */
const secret = (agentId: string, seq: number): string => createHash('sha256').update(`${agentId} ${seq}`).digest('hex').slice(0, 20)

/** Many messages in a few transactions, as no agent writes them. */
function putMessages(agentId: string, first: number, count: number, words = 1): void {
  const insert = `INSERT INTO message (agent, op, seq, turn, at, role, conversation, popped, body) VALUES (?, ?, ?, 1, 0, 'user', 1, 0, ?) RETURNING id`
  for (let seq = first; seq < first + count; seq += 1) {
    const [row] = database.rows(insert, agentId, `${agentId}/${seq}`, seq, JSON.stringify({ text: secret(agentId, seq) }))
    const text = Array.from({ length: words }, (_, place) => secret(agentId, seq + place / words)).join(' ')
    database.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', row?.['id'] ?? null, termsOf(agentId, text))
  }
}

function left(agentId: string, count: number): number {
  const bytes = ['', '-wal'].map((suffix) => (existsSync(file + suffix) ? readFileSync(file + suffix, 'latin1') : '')).join('')
  return Array.from({ length: count }, (_, place) => secret(agentId, place + 1)).filter((word) => bytes.includes(word.slice(8))).length
}

describe('erasing an agent of the memory file', () => {
  test('leaves no word of a long life in the file, nor in pages that the word indexes had left before', async () => {
    for (let seq = 1; seq <= 400; seq += 1) {
      for (const agentId of ['ada', 'bob']) {
        await memory.messages.insert(sampleMessage(agentId, seq, secret(agentId, seq)))
        if (seq % 4 === 0) await insertAll(archival, agentId, [{ text: secret(agentId, seq) }])
      }
    }
    expect(left('ada', 400)).toBe(400)
    await archival.eraseAgent('ada')
    await memory.eraseAgent('ada')
    expect(left('ada', 400)).toBe(0)
    expect(left('bob', 400)).toBe(400)
    expect((await memory.messages.search('bob', { text: secret('bob', 7), order: 'newest', offset: 0, limit: 5 })).total).toBe(1)
  })

  test('takes as many transactions as keep each of them short, however much it has [scale:search]', async () => {
    database.transaction(() => putMessages('ada', 1, 15_000))
    calls = 0
    await memory.eraseAgent('ada')
    expect(calls).toBeGreaterThan(6)
    expect(await memory.messages.latestSeq('ada')).toBe(0)
    calls = 0
    await memory.eraseAgent('nobody')
    expect(calls).toBeLessThan(6)
  })

  test('rewrites a large word index bit by bit, and comes to its end while others write [scale:search]', async () => {
    database.transaction(() => putMessages('bob', 1, 6_000, 10))
    database.transaction(() => putMessages('ada', 1, 3))
    // All in one segment, which is what an erasure leaves.
    database.run(`INSERT INTO message_words (message_words) VALUES ('optimize')`)
    let written = 6_000
    before = () => database.transaction(() => putMessages('bob', (written += 1), 1))
    calls = 0
    await memory.eraseAgent('ada')
    expect(calls).toBeGreaterThan(6)
    before = () => undefined
    expect(left('ada', 3)).toBe(0)
    expect((await memory.messages.search('bob', { text: secret('bob', written), order: 'newest', offset: 0, limit: 5 })).total).toBe(1)
    expect((await memory.messages.search('bob', { text: secret('bob', 9), order: 'newest', offset: 0, limit: 5 })).total).toBe(1)
  })

  test.for([0, 3, 4, 7, 14])('leaves no word where %i others write between the deletion of its messages and the rewriting of the word index', async (others) => {
    database.transaction(() => putMessages('bob', 1, 2_500, 8))
    // So few that FTS5 does not rewrite what has them by itself.
    database.transaction(() => putMessages('ada', 1, 150, 8))
    database.run(`INSERT INTO message_words (message_words) VALUES ('optimize')`)
    let written = 0
    before = () => {
      if (written > 0 || database.row(`SELECT 1 AS there FROM message WHERE agent = 'ada'`) !== undefined) return
      for (; written < others; written += 1) database.transaction(() => putMessages('bob', 2_501 + written, 1))
    }
    await memory.eraseAgent('ada')
    expect(written).toBe(others)
    expect(left('ada', 150)).toBe(0)
    expect((await memory.messages.search('bob', { text: secret('bob', 9), order: 'newest', offset: 0, limit: 5 })).total).toBe(1)
  })

  test('is seen where it was broken off, and goes on when it is repeated', async () => {
    await memory.agents.create(sampleAgent('ada'))
    await memory.agents.markDeleting('ada', '2024-03-01T12:00:00.000Z')
    database.transaction(() => putMessages('ada', 1, 15_000))
    let transactions = 4
    before = () => {
      if ((transactions -= 1) < 0) throw new Error('killed')
    }
    await expect(memory.eraseAgent('ada')).rejects.toThrow('killed')
    before = () => undefined
    const present = Number(database.row(`SELECT count(*) AS present FROM message WHERE agent = 'ada'`)?.['present'])
    expect(present).toBeGreaterThan(0)
    expect(present).toBeLessThan(15_000)
    expect((await memory.agents.beingDeleted('ada')).length).toBe(1)
    await memory.eraseAgent('ada')
    expect(await memory.agents.beingDeleted('ada')).toEqual([])
    expect(await memory.agents.wasDeleted('ada')).toBe(true)
    expect(left('ada', 300)).toBe(0)
  })
})
