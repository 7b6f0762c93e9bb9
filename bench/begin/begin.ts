import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PerdureError } from '../../src/protocol/errors.ts'
import { readOptions, type Options, type ValuesOf } from './options.ts'
import { haveOwnFolder } from './own-folder.ts'

/** How each bench begins: its options are read before it has started anything, and all that it starts and writes is gone when it has ended, however it ends. */
export function beginBench<Of extends Options>(script: string, options: Of): ValuesOf<Of> {
  const { values } = readArguments(script, options)
  haveOwnFolder()
  return values
}

/**
 * Of this process. Where they are wrong it ends with 2 and one line; where `--help` is among them, with 0 and the comment at the head of the script.
 *
 * @param script `import.meta.url`
 */
export function readArguments<Of extends Options>(script: string, options: Of, names?: readonly string[]): { readonly values: ValuesOf<Of>; readonly names: readonly string[] } {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(headOf(readFileSync(fileURLToPath(script), 'utf8')))
    process.exit(0)
  }
  try {
    return readOptions(args, options, names)
  } catch (error) {
    if (!PerdureError.isInstance(error)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

/** The first comment of a source, without the signs around it. */
export function headOf(source: string): string {
  const [, comment = ''] = /^\/\*\*\n([\s\S]*?)\n? \*\//.exec(source) ?? []
  return comment.replaceAll(/^ \* ?/gm, '')
}
