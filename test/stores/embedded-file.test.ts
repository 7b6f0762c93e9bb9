import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../../src/protocol/limits.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { noLiveMark } from '../../src/stores/live.ts'
import { insertAll, space } from './archival/samples.ts'
import { sampleMessage, sampleVersion } from './memory/samples.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-embedded-'))
  file = join(folder, 'memory.db')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Runs a writer until it ends, or is killed after so many acknowledged writes; resolves to what it acknowledged. */
async function runWriter(name: string, writes: number, killAfter = Infinity): Promise<readonly string[]> {
  const writer = join(import.meta.dirname, 'embedded', 'writer.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', writer, file, name, String(writes)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.split('\n').length > killAfter) child.kill('SIGKILL')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (killAfter === Infinity) expect(code).toBe(0)
  return output.split('\n').slice(0, -1)
}

describe('several processes on one file', () => {
  test('lose no acknowledged write, also of one that is killed [recall:never-deleted]', async () => {
    const acknowledged = await Promise.all([runWriter('one', 40), runWriter('two', 40), runWriter('killed', 5_000, 30)])
    const stores = await openEmbeddedStores({ file })
    const { memory } = stores
    const edits = new Set((await memory.blocks.current('shared'))?.value.trim().split(' '))
    for (const name of acknowledged.flat()) {
      const [agentId = ''] = name.split('/')
      const stored = name.includes('/') ? (await memory.messages.byOp(agentId, name)) !== undefined : edits.has(name)
      expect(stored, name).toBe(true)
    }
    expect((await memory.messages.search('one', { text: 'penguin', order: 'newest', offset: 0, limit: 1 })).total).toBe(40)
    expect(acknowledged[2].length).toBeGreaterThanOrEqual(30)
    await stores.close()
  })
})

describe('opening a file', () => {
  const put = (statement: string): void => {
    const database = new Libsql(file)
    database.exec(statement)
    database.close()
  }
  const refused = async (text: RegExp): Promise<void> => {
    const message = expect.stringMatching(text) as string
    await expect(openEmbeddedStores({ file })).rejects.toMatchObject({ code: 'file-unreadable', message })
  }

  test('makes its folder, and shows what was there before', async () => {
    const nested = join(folder, 'a', 'b', 'memory.db')
    const first = await openEmbeddedStores({ file: nested })
    expect(first.describe).toContain(nested)
    await first.memory.messages.insert(sampleMessage('ada', 1, 'penguin'))
    await insertAll(first.archival, 'ada', [{ text: 'walrus' }])
    await first.close()
    const second = await openEmbeddedStores({ file: nested })
    expect(await second.memory.messages.after('ada', 0, 5)).toEqual([sampleMessage('ada', 1, 'penguin')])
    expect(await second.archival.count('ada')).toBe(1)
    await second.close()
  })

  test("refuses another program's database, and what is no database", async () => {
    put('CREATE TABLE invoice (id INTEGER)')
    await refused(/another program's database/)
    rmSync(file)
    writeFileSync(file, 'This is a text file, and a rather long one, so that nobody takes it for an empty database.'.repeat(20))
    await refused(/cannot be opened/)
  })

  test('turns on the write-ahead log, so that readers and a writer do not wait for each other', async () => {
    await (await openEmbeddedStores({ file })).close()
    const database = new Libsql(file)
    expect(database.prepare('PRAGMA journal_mode').all([])).toEqual([{ journal_mode: 'wal' }])
    database.close()
  })
})

describe('closing', () => {
  test('a closed store refuses, and closing again is no error', async () => {
    const stores = await openEmbeddedStores({ file })
    const { memory, archival } = stores
    await memory.messages.count('ada')
    await memory.close()
    await expect(archival.count('ada')).resolves.toBe(0)
    await archival.close()
    await stores.close()
    await expect(memory.messages.count('ada')).rejects.toThrow(/closed/)
    await expect(memory.messages.insert(sampleMessage('ada', 1, 'penguin'))).rejects.toThrow(/closed/)
    await expect(memory.agents.archive('ada', '2024-03-01T12:00:00.000Z')).rejects.toThrow(/closed/)
  })
})

describe('erasing', () => {
  test('takes the words out of the file, not only out of the tables', async () => {
    const stores = await openEmbeddedStores({ file })
    const { memory, archival } = stores
    for (const agentId of ['ada', 'bob']) {
      await memory.messages.insert(sampleMessage(agentId, 1, `xylophone${agentId} is a secret`))
      await memory.blocks.insert(sampleVersion(`${agentId}/human`, 1, `zither${agentId}`))
      await insertAll(archival, agentId, [{ text: `bassoon${agentId} too`, tags: [`oboe${agentId}`] }])
    }
    await memory.eraseAgent('ada')
    await archival.eraseAgent('ada')
    const bytes = ['', '-wal'].map((suffix) => (existsSync(file + suffix) ? readFileSync(file + suffix, 'latin1') : '')).join('')
    for (const word of ['xylophone', 'zither', 'bassoon', 'oboe']) {
      expect(bytes).not.toContain(`${word}ada`)
      expect(bytes).toContain(`${word}bob`)
    }
    await stores.close()
  })

  test('the last passage of all lets another embedding model in [archival:embedding-guard]', async () => {
    const stores = await openEmbeddedStores({ file })
    const { archival } = stores
    await insertAll(archival, 'ada', [{ text: 'walrus' }])
    const other = { ...space, model: 'other-embedder' }
    const query = { words: '', vector: [1, 0, 0, 0], offset: 0, limit: 1 }
    await expect(archival.search('ada', query, other)).rejects.toThrow(/other-embedder/)
    await archival.eraseAgent('ada')
    expect(await archival.search('ada', query, other)).toEqual({ total: 0, hits: [] })
    await stores.close()
  })
})

describe('the text of an inference that runs', () => {
  const batch = { agentId: 'ada', seq: 2, turn: 1, step: 1, attempt: 1, texts: [] }
  const another = { ...batch, agentId: 'bob' }

  test('is there from its beginning for as long as the longest one may run, and is gone soon after that [live:text]', async () => {
    const stores = await openEmbeddedStores({ file })
    const { live } = stores
    const afterMore = async (seconds: number): Promise<readonly number[]> => {
      const raw = new Libsql(`${file}.live`)
      raw.prepare('UPDATE live SET at = at - ?').run([seconds * 1_000])
      raw.close()
      await live.append({ ...another, attempt: seconds, batch: 1 })
      return (await live.afterEach(new Map([['ada', noLiveMark]]), 10)).map((of) => of.batch)
    }
    await live.append({ ...batch, batch: 1 })
    expect(await afterMore(limits.requestSeconds)).toEqual([1])
    await live.append({ ...batch, batch: 2 })
    expect(await afterMore(601)).toEqual([2])
    await stores.close()
  })
})
