import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { agentId, fillMemory } from '../../bench/large-memory.ts'
import { openMemoryFile } from '../../src/stores/embedded/open.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perdure-large-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a small memory that a bench fills is one file, with all that was put into it', async () => {
  const file = join(folder, 'memory.db')
  await fillMemory(file, { messages: 100, passages: 50 })
  expect(readdirSync(folder)).toEqual(['memory.db'])
  const { memory, archival, close } = await openMemoryFile(file)
  // One of fifty is another agent's.
  expect([await memory.messages.count(agentId), await archival.count(agentId)]).toEqual([98, 49])
  await close()
})
