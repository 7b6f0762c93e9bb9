import { parseArgs } from 'node:util'
import { invalidArgument } from '../../src/protocol/errors.ts'

/** One option of a bench: what it takes, how that is read, and what holds where it is not given. */
export interface Option<Value> {
  /** For a person: "a whole number of at least 1". Absent: it is there or not. */
  readonly takes?: string
  /** Undefined: it can't be read so. */
  readonly read: (text: string) => Value | undefined
  readonly initial: Value
}

export type Options = Readonly<Record<string, Option<unknown>>>
export type ValuesOf<Of extends Options> = { readonly [Name in keyof Of]: Of[Name] extends Option<infer Value> ? Value : never }

export const flag: Option<boolean> = { read: () => true, initial: false }

export function whole<Initial extends number | undefined>(initial: Initial): Option<number | Initial> {
  return { takes: 'a whole number of at least 1', read: (text) => inRange(text, (value) => Number.isSafeInteger(value) && value >= 1), initial }
}

export function numberFrom<Initial extends number | undefined>(least: number, initial: Initial): Option<number | Initial> {
  return { takes: `a number of at least ${least}`, read: (text) => inRange(text, (value) => value >= least), initial }
}

export const aboveZero = (initial: number): Option<number> => ({ takes: 'a number above 0', read: (text) => inRange(text, (value) => value > 0), initial })

export function oneOf<const Name extends string, Initial extends Name | undefined>(names: readonly Name[], initial: Initial): Option<Name | Initial> {
  return { takes: names.join(' or '), read: (text) => names.find((name) => name === text), initial }
}

export function text<Initial extends string | undefined>(takes: string, initial: Initial): Option<string | Initial> {
  return { takes, read: (given) => (given === '' ? undefined : given), initial }
}

/** Several with commas between. */
export function listOf<Value>(one: Option<Value>, initial: readonly Exclude<Value, undefined>[]): Option<readonly Exclude<Value, undefined>[]> {
  return {
    takes: `${one.takes ?? ''}, or several with commas between`,
    read: (given) => {
      const values = given.split(',').map(one.read).filter((value): value is Exclude<Value, undefined> => value !== undefined)
      return values.length === given.split(',').length ? values : undefined
    },
    initial,
  }
}

/** Given once for each value. */
export interface Repeated<Value> extends Option<readonly Value[]> {
  readonly repeated: true
}

export function repeated(takes: string): Repeated<string> {
  return { takes, read: (given) => (given === '' ? undefined : [given]), initial: [], repeated: true }
}

function inRange(given: string, isRight: (value: number) => boolean): number | undefined {
  const value = Number(given)
  return given.trim() !== '' && Number.isFinite(value) && isRight(value) ? value : undefined
}

/**
 * @param names what may stand there without being an option; absent: nothing
 * @throws PerdureError `invalid-argument`, which says what is wrong and what would be right
 */
export function readOptions<Of extends Options>(args: readonly string[], options: Of, names?: readonly string[]): { readonly values: ValuesOf<Of>; readonly names: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(Object.entries(options).map(([name, { takes }]) => [name, { type: takes === undefined ? 'boolean' : 'string' }] as const)),
  })
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(options).map(([name, { initial }]) => [name, initial]))
  const named: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') named.push(nameIn(token.value, names))
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw invalidArgument(`there is no option ${token.rawName}; there ${listed(['help', ...Object.keys(options)].map((name) => `--${name}`))}`)
    const value = valueOf(token, option)
    const before = values[token.name]
    values[token.name] = 'repeated' in option && Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value
  }
  return { values: values as ValuesOf<Of>, names: named }
}

function valueOf({ rawName, value, inlineValue }: { readonly rawName: string; readonly value?: string | undefined; readonly inlineValue?: boolean | undefined }, { takes, read }: Option<unknown>): unknown {
  if (takes === undefined) {
    if (value === undefined) return true
    throw invalidArgument(`${rawName} takes no value, and was given ${JSON.stringify(value)}`)
  }
  // What looks like the next option is the next option.
  const given = inlineValue !== true && value?.startsWith('--') === true ? undefined : value
  const found = given === undefined ? undefined : read(given)
  if (found !== undefined) return found
  throw invalidArgument(`${rawName} takes ${takes}, ${given === undefined ? 'and was given nothing' : `not ${JSON.stringify(given)}`}`)
}

function nameIn(given: string, names: readonly string[] | undefined): string {
  if (names?.includes(given) === true) return given
  throw invalidArgument(names === undefined ? `nothing but options is taken, not ${JSON.stringify(given)}; --help lists them` : `there is no ${JSON.stringify(given)}; there ${listed(names)}`)
}

const listed = (names: readonly string[]): string => `${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`
