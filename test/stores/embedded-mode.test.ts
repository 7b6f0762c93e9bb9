import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { filesOf } from '../../src/stores/embedded/file-mode.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { sampleMessage } from './memory/samples.ts'

let folder: string
let file: string
let umask: number | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perdure-mode-'))
  file = join(folder, 'memory.db')
})
afterEach(() => {
  if (umask !== undefined) process.umask(umask)
  rmSync(folder, { recursive: true })
})

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('the memory file', () => {
  test.for([0o000, 0o022, 0o277])('is for its owner only, and so is what stands beside it, with umask %o', async (mask) => {
    chmodSync(folder, 0o755)
    umask = process.umask(mask)
    const stores = await openEmbeddedStores({ file })
    await stores.memory.messages.insert(sampleMessage('ada', 1, 'penguin'))
    expect(existsSync(`${file}-wal`)).toBe(true)
    expect(filesOf(file).map(modeOf)).toEqual(['600', '600', '600'])
    await stores.close()
  })

  test.for([['644', '600'], ['666', '660'], ['640', '600'], ['660', '660'], ['600', '600']])('that was there with rights %s has %s after a start', async ([before = '', after]) => {
    umask = process.umask(0)
    writeFileSync(`${file}.schema-1`, 'a copy')
    writeFileSync(file, '')
    for (const path of [file, `${file}.schema-1`]) chmodSync(path, Number.parseInt(before, 8))
    const stores = await openEmbeddedStores({ file })
    expect([modeOf(file), modeOf(`${file}.schema-1`)]).toEqual([after, after])
    await stores.close()
  })

  test('takes no rights away from what only has a similar name', async () => {
    umask = process.umask(0)
    const others = ['memory.db-backup', 'memory.db.bak', 'old-memory.db', 'memory.db.schema-notes'].map((name) => join(folder, name))
    for (const other of others) writeFileSync(other, 'mine', { mode: 0o644 })
    await (await openEmbeddedStores({ file })).close()
    expect(others.map(modeOf)).toEqual(others.map(() => '644'))
  })
})
