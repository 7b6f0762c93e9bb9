import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { invalidArgument, messageOf, PerdureError } from '../../protocol/errors.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { openEditor } from '../editor/open-editor.ts'

interface Editing<Result> {
  /**
   * Where the text lies while it is edited, in a folder of its own; it stays there where it could not be used. So no edit writes over what another
   * one has left, or has open.
   */
  readonly folder: string
  readonly name: string
  readonly text: string
  /** Stands above it as a comment. */
  readonly heading: string
  /** An error of ours opens the editor again, with its text above. */
  readonly use: (text: string) => Promise<Result>
  /** What is edited from now on in place of what was saved, where the error is that something else has become of it meanwhile. */
  readonly anew?: (error: PerdureError, saved: string) => Promise<Anew | undefined>
}

interface Anew {
  /** Stands above it, below the error. */
  readonly heading: string
  readonly text: string
}

/**
 * Lets a person edit a text until it can be used.
 * @throws PerdureError the error of the last use where the text was then left as it was; `invalid-argument` where no editor can be started
 */
export async function editedText<Result>({ folder, name, text, heading, use, anew }: Editing<Result>): Promise<Result> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const own = mkdtempSync(join(folder, `${encodeURIComponent(name)}-`))
  const file = join(own, 'text.yaml')
  let shown = `${commented(heading)}\n${text}`
  for (let problem: PerdureError | undefined; ; ) {
    writeFileSync(file, shown, { mode: 0o600 })
    const failed = await openEditor(file, process.env)
    if (failed !== undefined) throw invalidArgument(`${failed}. The text is in ${file}`)
    const saved = readFileSync(file, 'utf8')
    if (problem !== undefined && saved === shown) throw new PerdureError(problem.code, `${problem.message}. The text is in ${file}`, { cause: problem })
    try {
      const result = await use(saved)
      rmSync(own, { recursive: true })
      return result
    } catch (error) {
      if (!PerdureError.isInstance(error)) throw error
      problem = error
      const again = await anew?.(error, saved)
      shown = `${commented([`Not done (${error.code}): ${error.message}`, ...(again === undefined ? [] : [again.heading])].join('\n'))}\n${again?.text ?? withoutComment(saved)}`
    }
  }
}

const commented = (text: string): string => text.split('\n').map((line) => `# ${line}`).join('\n')
const withoutComment = (text: string): string => text.replace(/^(?:#.*\n)+/, '')

/** YAML, and so JSON too. @throws PerdureError `invalid-argument` saying where it is none */
export function readFields(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    throw invalidArgument(`this is no YAML: ${messageOf(error)}`)
  }
  if (isRecord(value)) return value
  throw invalidArgument('this has no fields; write them as `field: value`')
}
