import { asksOtherwise } from '../definition/compare-definitions.ts'
import type { ToolInput } from '../protocol/activities.ts'
import { controlSettingsOf, type DefinitionInForce } from '../protocol/definition.ts'
import { PerdureError } from '../protocol/errors.ts'
import type { StoredMessage } from '../protocol/messages.ts'
import { toolNamesOf, withDocumentTools } from '../protocol/tool-names.ts'
import { definitionAt } from '../stores/definition-at.ts'
import type { DefinitionVersion } from '../stores/definitions.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore, Stores } from '../stores/stores.ts'

/**
 * The agent as it is to be run: one that has documents has the tools to read them, whatever its definition names.
 * @throws PerdureError `wrong-stores`
 */
export async function storedAgent(stores: Stores, agentId: string): Promise<StoredAgent> {
  const agent = await stores.memory.agents.get(agentId)
  if (agent === undefined) throw wrongStores(stores, agentId)
  return asRun(agent)
}

const asRun = (agent: StoredAgent): StoredAgent => ({ ...agent, definition: withDocumentTools(agent.definition, agent.documents) })

/** As a step is to see it, or saw it: with that version of its definition. */
export async function agentAt(stores: Stores, agent: StoredAgent, version: number | undefined): Promise<StoredAgent> {
  if (version === undefined || version === (agent.version ?? 1)) return agent
  const definition = await definitionAt(stores.memory.definitions, agent, version)
  // Stores that were put back to an earlier day don't have it; then what they have holds.
  return definition === undefined ? agent : asRun({ ...agent, version, definition })
}

/** With the version that the step of this message saw. A message of earlier versions says nothing of it: there was one only. */
export const agentOfStep = (stores: Stores, agent: StoredAgent, { context }: Pick<StoredMessage, 'context'>): Promise<StoredAgent> =>
  agentAt(stores, agent, context === undefined ? undefined : (context.definition ?? 1))

/**
 * The agent as it is in this turn: the tools that the turn's event has brought are its callers' tools too. Where the agent has come to have
 * a tool of that name since the event was sent, its own is meant.
 */
export async function withToolsOfEvent(memory: MemoryStore, agent: StoredAgent, { agentId, toolsOf }: Pick<ToolInput, 'agentId' | 'toolsOf'>): Promise<StoredAgent> {
  const brought = toolsOf === undefined ? undefined : (await memory.events.get(agentId, toolsOf))?.clientTools
  if (brought === undefined) return agent
  const { definition } = agent
  const own = toolNamesOf(definition)
  return { ...agent, definition: { ...definition, clientTools: [...(definition.clientTools ?? []), ...brought.filter(({ name }) => !own.includes(name))] } }
}

/**
 * A version as its workflow is to know it: without its texts.
 * @param known the version that the workflow has named, of an agent that is parked
 */
export async function inForceOf({ definitions }: Pick<MemoryStore, 'definitions'>, { agentId, version, definition }: DefinitionVersion, known: number | undefined): Promise<DefinitionInForce> {
  const before = known === undefined || known === version ? undefined : await definitions.get(agentId, known)
  return { version, settings: controlSettingsOf(definition), ...(before && asksOtherwise(agentId, before.definition, definition) && { asksOtherwise: true }) }
}

/** Says which stores the worker has, without secrets, and what is to be done. */
export function wrongStores({ describe }: Pick<Stores, 'describe'>, agentId: string): PerdureError {
  return new PerdureError(
    'wrong-stores',
    `agent ${agentId} is not in the stores of this worker (${describe}): give all workers of this task queue the stores that the agent was created in ` +
      '(MONGODB_URI and QDRANT_URL, or PERDURE_HOME), or a task queue of their own. An agent that was deleted is in none',
  )
}

/** The endpoint's word holds where it is less than what the definition says. */
export function withinWindow(agent: StoredAgent, window = Infinity): StoredAgent {
  const { definition } = agent
  return definition.contextWindow <= window ? agent : { ...agent, definition: { ...definition, contextWindow: window } }
}
