import { z } from 'zod'
import { isRecord } from '../protocol/is-record.ts'
import { limits } from '../protocol/limits.ts'
import { linearPattern, type LinearPattern } from './linear-pattern.ts'

/** One schema within a schema: where it stands, and the pattern that was taken out of it. */
export interface SchemaPart {
  readonly path: string
  readonly pattern?: LinearPattern
}

export interface BoundedJsonSchema {
  /** Without patterns; each part has under `partKey` its place in `parts`. */
  readonly json: z.core.JSONSchema.JSONSchema
  readonly parts: readonly SchemaPart[]
  readonly problems: readonly string[]
}

/** A keyword that no JSON Schema has: zod tells its registry of keywords that it does not know. */
export const partKey = 'x-perdure-part'

/** Of all patterns of one schema together: a character of text costs each of them as many steps, and compiling them costs time too. */
const mostPatternSteps = 20_000

type Json = Readonly<Record<string, unknown>>

const ofOne = new Set(['items', 'additionalItems', 'additionalProperties', 'contains', 'propertyNames'])
const ofSeveral = new Set(['items', 'prefixItems', 'allOf', 'anyOf', 'oneOf'])
const byName = new Set(['properties', '$defs', 'definitions'])
/** Says nothing about values. */
const remarks = new Set(['description', 'title', 'examples', '$comment', '$id', 'id', partKey])

/** Takes the patterns out of a JSON Schema, to be matched otherwise, and finds what is too large, or can't be matched in linear time. */
export function withoutPatterns(parameters: Json): BoundedJsonSchema {
  const parts: SchemaPart[] = []
  const problems: string[] = []
  const patterns = new Map<string, LinearPattern | string>()
  let patternSteps = 0

  const patternOf = (source: string): LinearPattern | string => {
    const known = patterns.get(source)
    if (known !== undefined) return known
    const made = patternSteps > mostPatternSteps ? 'is one too many: all patterns together are too large' : linearPattern(source)
    if (typeof made !== 'string') patternSteps += made.steps
    patterns.set(source, made)
    return made
  }

  const schema = (given: unknown, path: string, depth: number): unknown => {
    if (!isRecord(given)) return given
    if (depth > limits.schemaDepth || parts.length >= limits.schemaParts) {
      problems.push(depth > limits.schemaDepth ? `${path} is nested more than ${limits.schemaDepth} deep` : `there are more than ${limits.schemaParts} schemas within it`)
      return {}
    }
    const part = parts.push({ path }) - 1
    const inner = (value: unknown, key: string): unknown => schema(value, path === '' ? key : `${path}.${key}`, depth + 1)
    const kept: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(given)) {
      if (remarks.has(key)) continue
      if (byName.has(key) && isRecord(value)) kept[key] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one, key === 'properties' ? name : `${key}.${name}`)]))
      else if (ofSeveral.has(key) && Array.isArray(value)) kept[key] = value.map((one, index) => inner(one, `${key}.${index}`))
      else if (ofOne.has(key)) kept[key] = inner(value, key)
      else if (key === 'type' && Array.isArray(value)) kept[key] = [...new Set(value)]
      else kept[key] = value
    }
    return { ...matched(kept, part), ...(typeof given['$ref'] !== 'string' && { [partKey]: part }) }
  }

  /** What has patterns without them. */
  const matched = ({ pattern, patternProperties, ...rest }: Json, part: number): Json => {
    const path = parts[part]?.path ?? ''
    const where = path === '' ? '' : `${path}: `
    if (typeof pattern === 'string') {
      const linear = patternOf(pattern)
      if (typeof linear !== 'string') parts[part] = { path, pattern: linear }
      // zod itself writes such patterns beside the names of its formats, and checks the format.
      else if (!isCheckedFormat(rest['format'])) problems.push(`${where}the pattern ${JSON.stringify(pattern.slice(0, 80))} ${linear}`)
    }
    if (patternProperties === undefined) return rest
    problems.push(`${where}patternProperties is not supported; use propertyNames and additionalProperties`)
    const { additionalProperties, ...others } = rest
    return additionalProperties === false ? others : rest
  }

  return { json: schema(parameters, '', 0) as z.core.JSONSchema.JSONSchema, parts, problems }
}

const checked = new Map<string, boolean>()

function isCheckedFormat(format: unknown): boolean {
  if (typeof format !== 'string' || format.length > 40) return false
  const known = checked.get(format) ?? z.fromJSONSchema({ type: 'string', format })._zod.def.checks !== undefined
  if (checked.size < 100) checked.set(format, known)
  return known
}
