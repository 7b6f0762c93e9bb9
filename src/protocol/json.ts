import { isRecord } from './is-record.ts'

/** The value that a text is as JSON; undefined where it is none. No JSON stands for undefined. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The value that a text is as JSON; where it is none, the text itself. */
export function jsonOrText(text: string): unknown {
  const value = parsedJson(text)
  return value === undefined ? text : value
}

const closings: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"' }

/** It looks at the last sign before it parses: what comes in pieces is asked at each of them. */
export function isJson(text: string): boolean {
  const trimmed = text.trim()
  const closing = closings[trimmed.charAt(0)]
  return (closing === undefined || trimmed.endsWith(closing)) && parsedJson(text) !== undefined
}

/** A value of JSON as text; undefined where it is nested too deeply to be written. The parser reads any depth, so whatever comes from outside can be such. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The JSON object that a text is; undefined where it is another value, or no JSON. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(text)
  return isRecord(value) ? value : undefined
}
