import type { ModelTool } from '../model.ts'

/** The parameters of a tool that are texts: what is written for them is one, whatever it looks like. */
export function textParameters(tools: readonly ModelTool[], name: string): ReadonlySet<string> {
  return new Set(propertiesOf(tools, name).flatMap(([key, schema]) => (isTextSchema(schema) ? [key] : [])))
}

export const parametersOf = (tools: readonly ModelTool[], name: string): ReadonlySet<string> => new Set(propertiesOf(tools, name).map(([key]) => key))

function propertiesOf(tools: readonly ModelTool[], name: string): readonly (readonly [string, unknown])[] {
  const properties = tools.find((tool) => tool.name === name)?.parameters['properties']
  return typeof properties === 'object' && properties !== null ? Object.entries(properties) : []
}

const isTextSchema = (schema: unknown): boolean => typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'string'
