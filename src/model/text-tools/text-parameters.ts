import type { ModelTool } from '../model.ts'

/** The parameters of a tool that are texts: what is written for them is one, whatever it looks like. */
export function textParameters(tools: readonly ModelTool[], name: string): ReadonlySet<string> {
  const properties = tools.find((tool) => tool.name === name)?.parameters['properties']
  if (typeof properties !== 'object' || properties === null) return new Set()
  return new Set(Object.entries(properties).flatMap(([key, schema]: [string, unknown]) => (isTextSchema(schema) ? [key] : [])))
}

const isTextSchema = (schema: unknown): boolean => typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'string'
