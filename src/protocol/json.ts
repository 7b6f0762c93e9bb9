import { isRecord } from './is-record.ts'

/** The value that a text is as JSON; undefined where it is none. No JSON stands for undefined. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isJson = (text: string): boolean => parsedJson(text) !== undefined

/** The JSON object that a text is; undefined where it is another value, or no JSON. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsedJson(text)
  return isRecord(value) ? value : undefined
}
