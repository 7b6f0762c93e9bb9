import { z } from 'zod'
import { isRecord } from '../protocol/is-record.ts'
import { limits } from '../protocol/limits.ts'

/** A JSON object of the caller's own, bounded so that a store keeps it as it is. */
export const metadata = z.custom<Readonly<Record<string, unknown>>>(isRecord, 'is a JSON object').transform((value, context) => {
  const problem = problemOf(value)
  if (problem === undefined) return JSON.parse(JSON.stringify(value)) as Readonly<Record<string, unknown>>
  context.addIssue({ code: 'custom', message: problem })
  return z.NEVER
})

function problemOf(value: object): string | undefined {
  // Before it is written down: that would go as deep as the value does.
  if (isDeeper(value, limits.metadataDepth)) return `has more than ${limits.metadataDepth} objects and lists in one another; write it flatter`
  let json: string
  try {
    json = JSON.stringify(value)
  } catch {
    return 'holds what JSON has no form for'
  }
  if (json.includes('\\u0000')) return 'holds a NUL character; leave it out'
  const bytes = Buffer.byteLength(json)
  return bytes > limits.metadataBytes ? `has ${bytes} bytes as JSON, the limit is ${limits.metadataBytes}; keep larger things elsewhere, and their ids here` : undefined
}

/** Whether it has more than so many objects and lists in one another; goes no deeper itself. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1))
}
