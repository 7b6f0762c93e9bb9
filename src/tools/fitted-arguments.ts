import { z } from 'zod'
import { parsedJson } from '../protocol/json.ts'

/**
 * Arguments with those of the wrong simple type read as their schema wants them: a list or an object written as JSON in a string, numbers
 * and truth values as strings, and a text as a number. What fits is left, and so is what does not fit in any reading.
 */
export function fittedArguments(types: Readonly<Record<string, z.core.$ZodType>>, args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, Object.hasOwn(types, name) ? fitted(types[name], value) : value]))
}

function fitted(type: z.core.$ZodType | undefined, value: unknown): unknown {
  if (type === undefined || z.safeParse(type, value).success) return value
  const reading = readingsOf(value).find((other) => z.safeParse(type, other).success)
  return reading === undefined ? value : reading
}

function readingsOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [...jsonIn(value), ...jsonIn(value.trim().toLowerCase()), [value]]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value), ...(typeof value === 'number' ? [[value]] : [])]
  return []
}

function jsonIn(text: string): readonly unknown[] {
  const value = parsedJson(text)
  return value === undefined || typeof value === 'string' ? [] : [value]
}
