import { changedDefinition, restoredDefinition, type Changing } from '../definition/changed-definition.ts'
import type { CommandInput, CommandResult } from '../protocol/activities.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { invalidArgument, isAwayForNow, PerdureError } from '../protocol/errors.ts'
import { opOf } from '../protocol/ids.ts'
import { tenantOf } from '../protocol/tenant.ts'
import { bindTo, boundBefore } from '../stores/bound.ts'
import { findAgent } from '../stores/find-agent.ts'
import type { DefinitionVersion, ProposedChange } from '../stores/definitions.ts'
import type { ClaimStore } from '../stores/claims.ts'
import type { Stores } from '../stores/stores.ts'
import { latestDefinition, writeDefinition } from '../stores/write-definition.ts'
import type { ActivityDependencies } from './dependencies.ts'
import { inForceOf, wrongStores } from './stored-agent.ts'

/**
 * Changes the definition as it is now, whoever has changed it since the change was proposed, and tells the workflow what it decides by. A
 * change that is not allowed changes nothing. One that was made before is not made again, and takes nothing back that came after it.
 */
export async function changeDefinition({ stores, tools, faultPoint }: ActivityDependencies, { agentId, op, turn, inForce }: CommandInput, changeId: string): Promise<CommandResult> {
  const { memory } = stores
  const agent = await memory.agents.get(agentId)
  if (agent === undefined) throw wrongStores(stores, agentId)
  const change = await memory.definitions.proposed(agentId, changeId)
  if (change === undefined) return { ok: false, code: 'invalid-argument', detail: `no change ${changeId} was proposed to ${agentId}; it is put into the stores first, as the client does` }
  try {
    const edit = (present: DefinitionVersion) => wanted(stores, { key: agentId, present: present.definition, memory, find: findAgent(memory.agents, tenantOf(agentId)), problemOfTools: (names) => tools.problemOf(names) }, change, present)
    // What has changed nothing has no version by which it would be found, and is not to be made when others have changed something.
    const version = await onceUnchanged(memory.claims, { agentId, op: opOf.bound(agentId, 'unchanged', op) }, async () => {
      const made = await writeDefinition({ memory, agent, op, author: change.author, turn, at: new Date().toISOString(), edit, onStored: () => faultPoint('definition-stored') })
      return { version: made.version, unchanged: made.op !== op }
    })
    const latest = await latestDefinition(memory, agent)
    const later = latest.version > version ? `was made before; now version ${latest.version} is in force` : 'is in force'
    return { ok: true, detail: `version ${version} of the definition ${later}`, definition: await inForceOf(memory, latest, inForce), version }
  } catch (error) {
    if (!PerdureError.isInstance(error) || isAwayForNow(error)) throw error
    return { ok: false, code: error.code, detail: error.message }
  }
}

async function onceUnchanged(claims: ClaimStore, binding: { readonly agentId: string; readonly op: string }, write: () => Promise<{ readonly version: number; readonly unchanged: boolean }>): Promise<number> {
  const before = await boundBefore(claims, binding)
  if (before !== undefined) return Number(before)
  const { version, unchanged } = await write()
  return unchanged ? Number(await bindTo(claims, binding, String(version))) : version
}

async function wanted({ memory }: Stores, changing: Changing, { ifVersion, changes, undo }: ProposedChange, present: DefinitionVersion): Promise<AgentDefinition> {
  if (ifVersion !== undefined && ifVersion !== present.version) {
    throw new PerdureError('definition-conflict', `version ${present.version} of the definition is in force, not ${ifVersion}: look at what was changed, and change it anew`)
  }
  if (undo === undefined) return changedDefinition(changing, JSON.parse(changes ?? '{}'))
  const earlier = undo === present.version ? present : await memory.definitions.get(changing.key, undo)
  if (earlier === undefined) throw invalidArgument(`the definition has no version ${undo}: 1 to ${present.version} exist`)
  return restoredDefinition(changing, earlier.definition)
}
