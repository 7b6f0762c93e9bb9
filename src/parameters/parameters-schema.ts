import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { ClientToolDefinition } from '../protocol/definition.ts'
import { invalidArgument, messageOf } from '../protocol/errors.ts'
import { withoutPatterns } from './bounded-json-schema.ts'
import { Metered } from './metered.ts'

/** A client tool's parameters, ready to read arguments with. */
export interface ParametersSchema {
  readonly schema: z.ZodObject
  /**
   * What is not checked, as that would take unbounded time. A new definition with any of it is refused; one that was stored before there
   * was this rule goes on without these checks, as the tool's caller has its own.
   */
  readonly problems: readonly string[]
}

/** By the digest of the parameters' JSON; bounded by its characters too. */
const compiled = new LRUCache<string, ParametersSchema>({ max: 2_000, maxSize: 10_000_000 })

/**
 * Compiles the JSON Schema of a client tool, once for each wording. Whatever schema and arguments are, reading arguments by it ends after a
 * bounded number of steps, with a verdict or with `TooManySteps`.
 * @throws PerdureError `invalid-argument` for what is no JSON Schema of an object
 */
export function parametersSchema({ name, parameters }: Pick<ClientToolDefinition, 'name' | 'parameters'>): ParametersSchema {
  const json = JSON.stringify(parameters)
  const digest = createHash('sha256').update(json).digest('base64')
  const known = compiled.get(digest)
  if (known !== undefined) return known
  const made = compile(name, parameters)
  compiled.set(digest, made, { size: json.length })
  return made
}

function compile(name: string, parameters: ClientToolDefinition['parameters']): ParametersSchema {
  const { json, parts, problems } = withoutPatterns(parameters)
  const schema = converted(name, json, new Metered(parts))
  if (schema instanceof z.ZodObject) return { schema, problems }
  throw invalidArgument(`the parameters of client tool ${name} are no JSON Schema of an object: give { "type": "object", "properties": … }`)
}

function converted(name: string, json: z.core.JSONSchema.JSONSchema, registry: Metered): z.ZodType {
  try {
    return z.fromJSONSchema(json, { registry })
  } catch (error) {
    throw invalidArgument(`the parameters of client tool ${name} are no usable JSON Schema: ${messageOf(error)}`)
  }
}
