import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEditor } from '../../src/cli/editor/open-editor.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure editor-'))
const [file, asked] = [join(folder, 'a text.md'), join(folder, 'asked')]
/** Writes down with what it was started. */
const programs = ['code', 'subl', 'gvim', 'kate', 'vi']

beforeAll(() => {
  for (const name of programs) {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" > "${asked}"\n`)
    chmodSync(join(folder, name), 0o755)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  [`'${folder}/code'`, ['--wait']],
  [`"${folder}/code" -n`, ['-n', '--wait']],
  [`'${folder}/code' --wait`, ['--wait']],
  [`'${folder}/subl' -n -w`, ['-n', '-w']],
  [`'${folder}/gvim'`, ['--nofork']],
  [`'${folder}/kate'`, ['--block']],
  [`'${folder}/vi' -c 'set wrap'`, ['-c', 'set wrap']],
])('an editor with a window of its own is told to wait, once: %s [cli:chat]', async (editor, options) => {
  expect(await openEditor(file, { EDITOR: editor })).toBeUndefined()
  expect(readFileSync(asked, 'utf8').trimEnd().split('\n')).toEqual([...options, file])
})

test('an editor that can not be started is said, with what to set [cli:chat]', async () => {
  expect(await openEditor(file, { EDITOR: 'no-such-editor --wait' })).toMatch(/no-such-editor --wait.*status 127.*VISUAL or EDITOR/)
})
