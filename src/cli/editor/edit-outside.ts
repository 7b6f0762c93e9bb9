import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { invalidArgument } from '../../protocol/errors.ts'
import { openEditor } from './open-editor.ts'

/**
 * Opens the person's own editor on a text, and waits for it. The file is readable for this user only, and is removed afterwards, unless
 * the editor has failed with something written.
 * @returns the text as it was saved, without the line break that editors put at its end
 * @throws PerdureError `invalid-argument` where no editor could be started, or it has failed
 */
export async function editOutside(text: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-edit-'))
  const file = join(folder, 'text.md')
  const before = text === '' ? '' : `${text}\n`
  writeFileSync(file, before, { mode: 0o600 })
  const problem = await openEditor(file, env)
  const after = readFileSync(file, 'utf8')
  if (problem !== undefined && after !== before) throw invalidArgument(`${problem}. Nothing was changed; what you wrote is in ${file}`)
  rmSync(folder, { recursive: true, force: true })
  if (problem !== undefined) throw invalidArgument(`${problem}. Nothing was changed`)
  return after.replace(/\r?\n$/, '')
}
