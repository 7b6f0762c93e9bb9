import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PerdureError } from '../../protocol/errors.ts'

/**
 * Opens the person's own editor on a text, and waits for it. The file is readable for this user only, and is removed afterwards.
 * @returns the text as it was saved, without the line break that editors put at its end
 * @throws PerdureError `invalid-argument` where no editor could be started, or it has failed
 */
export function editOutside(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const editor = [env.VISUAL, env.EDITOR].find((command) => command !== undefined && command.trim() !== '') ?? 'vi'
  const folder = mkdtempSync(join(tmpdir(), 'perdure-edit-'))
  const file = join(folder, 'text.md')
  try {
    writeFileSync(file, text === '' ? '' : `${text}\n`, { mode: 0o600 })
    // By a shell, as the variable may hold arguments; the file's name is one of its own and needs no quoting beyond "$1".
    const { status, error } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' })
    if (error !== undefined || status !== 0) {
      throw new PerdureError('invalid-argument', `the editor ${JSON.stringify(editor)} has failed${status === null ? '' : ` with status ${status}`}; set EDITOR to one that works. Nothing was changed`)
    }
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
