import { stringify } from 'yaml'
import { changeable } from '../../definition/compare-definitions.ts'
import type { DefinitionVersion } from '../../index.ts'

/** What can be changed of a definition, as YAML. */
export function definitionText({ agentId, definition }: Pick<DefinitionVersion, 'agentId' | 'definition'>): string {
  return fieldsText(changeable(agentId, definition))
}

export const fieldsText = (fields: Readonly<Record<string, unknown>>): string => stringify(fields, { lineWidth: 100 })
