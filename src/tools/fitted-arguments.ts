import { z } from 'zod'
import { jsonAt, valueOf } from '../model/text-tools/lenient-json.ts'
import { isRecord } from '../protocol/is-record.ts'
import { parsedJson } from '../protocol/json.ts'

/** Values of the wrong type that are read in another way within one argument. */
const mostWithin = 32

/**
 * Arguments with those of the wrong simple type read as their schema wants them, also within lists and objects: a list or an object written as JSON, or as Python
 * writes it, in a string, numbers and truth values as strings, one of several words in other letters, and a text as a number. What fits is left, and so is what does not fit in any reading.
 */
export function fittedArguments(types: Readonly<Record<string, z.core.$ZodType>>, args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, Object.hasOwn(types, name) ? fitted(types[name], value) : value]))
}

function fitted(type: z.core.$ZodType | undefined, value: unknown): unknown {
  const checked = type === undefined ? undefined : z.safeParse(type, value)
  if (type === undefined || checked === undefined || checked.success) return value
  const readings = readingsOf(value, checked.error.issues[0])
  const reading = readings.find((other) => z.safeParse(type, other).success)
  if (reading !== undefined) return reading
  return [value, ...readings].map((other) => fittedWithin(type, other)).find((other) => other !== undefined) ?? value
}

/** With each value that the schema complains of, deeper inside, in the first reading of which it does not; undefined where one fits in none. */
function fittedWithin(type: z.core.$ZodType, value: unknown): unknown {
  let present = value
  for (let times = 0; times <= mostWithin && typeof present === 'object' && present !== null; times += 1) {
    const result = z.safeParse(type, present)
    if (result.success) return present
    const { issues } = result.error
    const path = issues[0]?.path ?? []
    // More than are read in another way: each round would check a long list of the wrong type anew, and the worker does nothing else meanwhile.
    if (path.length === 0 || issues.length > mostWithin) return undefined
    const next = readingsOf(at(present, path), issues[0]).map((reading) => withAt(present, path, reading)).find((other) => !complainsOf(type, other, path))
    if (next === undefined) return undefined
    present = next
  }
  return undefined
}

const complainsOf = (type: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): boolean =>
  z.safeParse(type, value).error?.issues.some((issue) => path.every((key, depth) => issue.path[depth] === key)) ?? false

const at = (value: unknown, path: readonly PropertyKey[]): unknown => path.reduce<unknown>((within, key) => (Array.isArray(within) ? within[Number(key)] : isRecord(within) ? within[String(key)] : undefined), value)

function withAt(value: unknown, [key, ...rest]: readonly PropertyKey[], reading: unknown): unknown {
  if (key === undefined) return reading
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? withAt(item, rest, reading) : item))
  return isRecord(value) ? { ...value, [key]: withAt(value[String(key)], rest, reading) } : value
}

function readingsOf(value: unknown, issue: z.core.$ZodIssue | undefined): readonly unknown[] {
  if (typeof value === 'string') return [...jsonIn(value), ...jsonIn(value.trim().toLowerCase()), ...pythonIn(value), ...truthIn(value.trim().toLowerCase()), ...(issue?.code === 'invalid_value' ? choicesIn(value, issue.values) : []), [value]]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value), ...(typeof value === 'number' ? [...truthIn(String(value)), [value]] : [])]
  // An empty list and an empty object are one in PHP.
  if (Array.isArray(value)) return value.length === 0 ? [{}] : value.length === 1 ? [value[0]] : []
  return isRecord(value) ? [...(Object.keys(value).length === 0 ? [[]] : []), [value]] : []
}

/** One of several words that there are, with spaces or quotes around it, or in letters of another case: not where these tell words apart, as `ms` and `Ms`. */
function choicesIn(text: string, choices: readonly unknown[]): readonly unknown[] {
  const word = text.trim().replace(/^(["'`])([^]*)\1$/, '$2').trim()
  const alike = choices.filter((choice) => typeof choice === 'string' && choice.toLowerCase() === word.toLowerCase())
  return alike.includes(word) ? [word] : alike.length === 1 ? alike : []
}

/** As people say it. */
const truthIn = (word: string): readonly boolean[] => (/^(?:yes|on|1)$/.test(word) ? [true] : /^(?:no|off|0)$/.test(word) ? [false] : [])

function jsonIn(text: string): readonly unknown[] {
  const value = parsedJson(text)
  return value === undefined || typeof value === 'string' ? [] : [value]
}

/** A list or an object with single quotes, `True`, `None`, names without quotes, or a comma before its end. */
function pythonIn(text: string): readonly unknown[] {
  const trimmed = text.trim()
  const node = /^[[{]/.test(trimmed) ? jsonAt(trimmed, 0, { steps: 0, limit: 4 * trimmed.length }, { loose: true }) : undefined
  return node?.end === trimmed.length ? [valueOf(node)] : []
}
