import { z } from 'zod'
import type { ModelTool } from '../model/model.ts'
import type { runtimeArgumentNames } from '../protocol/definition.ts'
import type { Tool } from './tool.ts'

type Json = Readonly<Record<string, unknown>>

/** Arguments of every tool. The instructions say what they are for; here each word is paid for once per tool. */
export const runtimeArguments = {
  inner_thoughts: { type: 'string' },
  request_heartbeat: { type: 'boolean' },
} as const satisfies Record<(typeof runtimeArgumentNames)[number], Json>

/** The tool as the model sees it. */
export function modelTool({ name, description, schema }: Tool): ModelTool {
  return modelToolOf({ name, description, parameters: z.toJSONSchema(schema, { io: 'input' }) })
}

/** The same of a tool whose arguments are given as JSON Schema. `inner_thoughts` stands first, so that the model thinks before it fills in the rest. */
export function modelToolOf({ name, description, parameters }: { readonly name: string; readonly description: string; readonly parameters: Json }): ModelTool {
  const { properties, required, ...rest } = slim(parameters)
  const { inner_thoughts, request_heartbeat } = runtimeArguments
  return {
    name,
    description,
    parameters: {
      ...rest,
      type: 'object',
      properties: { inner_thoughts, ...(isJson(properties) ? properties : {}), request_heartbeat },
      ...(Array.isArray(required) && required.length > 0 && { required }),
    },
  }
}

const noise = new Set(['$schema', 'additionalProperties', 'minLength', 'maxLength', 'maxItems'])
const unbounded = new Set<unknown>([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])

/** Without what costs tokens and helps no model; `parseCall` enforces all of it. A property may bear any name, so those are kept. */
function slim(schema: Json): Json {
  const entries = Object.entries(schema).filter(([key, value]) => !noise.has(key) && !unbounded.has(value))
  return Object.fromEntries(entries.map(([key, value]) => [key, key === 'properties' && isJson(value) ? mapValues(value) : slimValue(value)]))
}

function mapValues(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, slimValue(value)]))
}

function slimValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slimValue)
  return isJson(value) ? slim(value) : value
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
