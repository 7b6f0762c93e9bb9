import type { AgentDefinition } from '../protocol/definition.ts'
import type { DefinitionStore } from './definitions.ts'
import type { StoredAgent } from './agents.ts'

/** The definition in that version; undefined where the stores don't have it. The agent's record is a copy of the latest. */
export async function definitionAt(definitions: Pick<DefinitionStore, 'get'>, agent: StoredAgent, version: number): Promise<AgentDefinition | undefined> {
  if (version === (agent.version ?? 1)) return agent.definition
  return (await definitions.get(agent.key, version))?.definition
}
