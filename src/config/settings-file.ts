import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { closestWord } from '../protocol/closest-word.ts'
import { mistrusted } from './mistrusted.ts'
import { isUnquoted, variableNames, type VariableName } from './variables.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The name under which the command line looks for a settings file in the folder in which it is started. */
export const usualSettingsFile = 'perdure.toml'
/** What PERDURE_CONFIG says where no file is to be read, even if there is one. */
export const noSettingsFile = 'none'
/** What the command line has PERDURE_CONFIG say where nobody named the file: it lies in the folder in which the command was started. */
export const foundSettingsFile = 'found'

export interface Settings {
  /** Environment and file together: the environment counts where both set something. An empty variable counts as not set. */
  readonly env: Environment
  /** The file that was read. Absolute. */
  readonly file?: string
  /** Which settings came from that file. */
  readonly fromFile: ReadonlySet<string>
  /** What is wrong with the file, one text each; without its values, which may be secrets. */
  readonly problems: readonly string[]
}

/** The settings of an environment, and of the file that its PERDURE_CONFIG names. */
export function settingsOf(environment: Environment): Settings {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const named = env['PERDURE_CONFIG']
  if (named === undefined || named === noSettingsFile) return { env, fromFile: new Set(), problems: [] }
  const file = resolve(named === foundSettingsFile ? usualSettingsFile : named)
  const isFound = named === foundSettingsFile
  const read = readTable(file, isFound ? file : `PERDURE_CONFIG names ${file}, which`)
  if ('problem' in read) return { env, file, fromFile: new Set(), problems: [read.problem] }
  const mistrust = isFound ? mistrusted(read.table, env) : new Map<string, string>()
  const refusal = (name: string): string | undefined => {
    const reason = mistrust.get(name)
    return reason === undefined ? (unknownIn(file, name) ?? unquotedIn(file, name, read.table[name])) : `${name} in ${file} ${reason}; if you trust this file, name it: PERDURE_CONFIG=${usualSettingsFile}`
  }
  const entries = Object.entries(read.table).map(([name, value]) => ({ name, text: textOf(value), refused: refusal(name) }))
  const usable = entries.flatMap(({ name, text, refused }) => (refused === undefined && text !== undefined && text.trim() !== '' && !(name in env) ? [[name, text] as const] : []))
  const problems = entries.flatMap(({ name, text, refused }) => refused ?? (text === undefined ? `${name} in ${file} is neither a text, a number, true or false, nor a list of texts` : []))
  return { env: { ...env, ...Object.fromEntries(usable) }, file, fromFile: new Set(usable.map(([name]) => name)), problems }
}

/** A problem of settings, with the file that sets them, if it does. */
export function withItsFile(problem: string, { file, fromFile }: Settings): string {
  const names = [...new Set(problem.match(/\b[A-Z][A-Z_]+\b/g))].filter((name) => fromFile.has(name))
  return file === undefined || names.length === 0 ? problem : `${problem} (${names.join(' and ')} in ${file})`
}

/** @param whose how a problem begins */
function readTable(file: string, whose: string): { readonly table: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  try {
    return { table: parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    // The parser's own text shows the line, and with it what may be a secret.
    if (error instanceof TomlError) return { problem: `${whose} is no TOML: see line ${error.line}, column ${error.column}` }
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it is not readable'
    return { problem: `${whose} can't be read (${reason}); name a file in TOML, or ${noSettingsFile}: PERDURE_CONFIG=${noSettingsFile}` }
  }
}

function unknownIn(file: string, name: string): string | undefined {
  const known: readonly VariableName[] = variableNames.filter((variable) => variable !== 'PERDURE_CONFIG')
  if (known.some((variable) => variable === name)) return undefined
  const meant = closestWord(name, known)
  return `${name} in ${file} is not a setting; ${meant === undefined ? 'its keys are the names of the variables, like PERDURE_MODEL' : `did you mean ${meant}?`}`
}

/** A number loses how it was written: `1.10`, `0x10`, `007`. */
function unquotedIn(file: string, name: string, value: unknown): string | undefined {
  const given = typeof value === 'number' ? 'a number' : typeof value === 'boolean' ? 'true or false' : undefined
  const variable = variableNames.find((known) => known === name)
  if (given === undefined || variable === undefined || isUnquoted(variable)) return undefined
  return `${name} in ${file} is ${given} where a text is wanted; write it in quotation marks, like ${name} = "…"`
}

/** As the variable would have it. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(',') : undefined
}
