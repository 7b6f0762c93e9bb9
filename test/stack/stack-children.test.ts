import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { temporalChild } from '../../src/stack/stack-children.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'

// The server reads its file's path as an address. Where it is given a bare name, no sign of the folder is read.
test.for(['a#b', 'a?b', 'a%20b', 'a b', 'größe-家', "it's"])('a home folder %s has all files in it', async (name) => {
  const parent = mkdtempSync(join(tmpdir(), 'perdure-signs-'))
  try {
    const home = join(parent, name)
    const { args, folder } = temporalChild(readConfig({ PERDURE_HOME: home }), { path: 'temporal', port: 1, uiPort: 2 })
    expect([args[args.indexOf('--db-filename') + 1], folder]).toEqual(['temporal.db', home])
    const stores = await openEmbeddedStores({ file: join(home, 'memory.db') })
    await stores.close()
    expect(readdirSync(parent)).toEqual([name])
    expect(readdirSync(home)).toContain('memory.db')
  } finally {
    rmSync(parent, { recursive: true })
  }
})
