import type { AgentDefinition } from './definition.ts'

/** Of the tool that an agent has exactly where its instructions are editable. */
export const instructionsToolName = 'instructions_replace'

/** Of the tools that an agent has as soon as it has documents, whatever its definition names. */
export const documentToolNames: readonly string[] = ['list_documents', 'open_document']

type Named = Pick<AgentDefinition, 'tools' | 'clientTools' | 'instructionsEditable'>

/**
 * The tools that an agent may call: those of its definition, its callers', and `instructions_replace` exactly where its instructions are
 * editable. Each name once, as a model is offered no two tools of one name: a definition of before may name a tool twice.
 */
export function toolNamesOf({ tools, clientTools = [], instructionsEditable }: Named): string[] {
  const others = [...tools.filter((name) => name !== instructionsToolName), ...clientTools.map(({ name }) => name)]
  return [...new Set(instructionsEditable ? [...others, instructionsToolName] : others)]
}

/** With the tools to read documents, if the agent has any. A tool of that name that its definition has is meant before them. */
export function withDocumentTools<Definition extends Named>(definition: Definition, documents = 0): Definition {
  if (documents === 0) return definition
  const own = toolNamesOf(definition)
  return { ...definition, tools: [...definition.tools, ...documentToolNames.filter((name) => !own.includes(name))] }
}
