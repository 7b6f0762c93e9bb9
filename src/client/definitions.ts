import { createHash, randomUUID } from 'node:crypto'
import { assertChanges, type AgentChanges } from '../definition/agent-changes.ts'
import { changedDefinition } from '../definition/changed-definition.ts'
import { compareDefinitions, type DefinitionDifference } from '../definition/compare-definitions.ts'
import { assertCommandId } from '../protocol/commands.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { opOf } from '../protocol/ids.ts'
import { tenantOf } from '../protocol/tenant.ts'
import { bindTo } from '../stores/bound.ts'
import { findAgent } from '../stores/find-agent.ts'
import type { DefinitionVersion, ProposedChange } from '../stores/definitions.ts'
import type { StoredAgent } from '../stores/agents.ts'
import type { MemoryStore } from '../stores/stores.ts'
import { firstDefinition, latestDefinition } from '../stores/write-definition.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { assertAuthor, assertPage } from './assert-input.ts'
import { definitionPage } from './definition-page.ts'
import type { CommandOptions } from './commands.ts'
import { giveCommand } from './give-command.ts'

export interface ChangeOptions extends CommandOptions {
  /** Who changes it, for people; kept with the version. Default `person`. */
  readonly author?: string
  /** Only if this version is in force still. Default: whichever is. */
  readonly ifVersion?: number
}

export interface UndoOptions extends CommandOptions {
  /** The version that the new one is to equal. Default: the one before the present. */
  readonly to?: number
  /** Who undoes it. Default `person`. */
  readonly author?: string
  /** Only if this version is in force still. Default with `to`: whichever is. */
  readonly ifVersion?: number
}

/** What a change has come to. */
export interface DefinitionChange {
  /** The version that it has made; the present one where nothing changes. A repeated change has its own, whatever was changed after it. */
  readonly version: number
  readonly definition: AgentDefinition
  /** The agent was parked for a reason that the change may have removed, such as a model that is no more, and tries again. */
  readonly resumed: boolean
}

export interface DefinitionMethods {
  /**
   * Changes the definition of a living agent: the next version is checked as a whole, stored, and in force from its next step on, also in
   * the middle of a turn; a smaller window is compacted first. Waits until it is in force. Safe to repeat under its `commandId`.
   * @throws PerdureError `invalid-argument` naming the fields, `block-unknown`, `block-label-taken`, `block-private`, `block-too-large`,
   * `definition-too-large`, `tool-unknown` for a tool that the agent's worker does not know, `definition-conflict` where another version than `ifVersion` is in force
   */
  update(agentId: string, changes: AgentChanges, options?: ChangeOptions): Promise<DefinitionChange>
  /**
   * Makes a new version that equals an earlier one; nothing leaves the history, so an undo can be undone. Blocks keep what is in them.
   * Without `to` it takes back the version that was in force when it was asked for, and no other.
   * @throws PerdureError `nothing-to-undo` at version 1, `definition-conflict` where somebody's change came first, and as `update`
   */
  undoDefinition(agentId: string, options?: UndoOptions): Promise<DefinitionChange>
  /**
   * The versions with their authors, turns and times, newest first; from the stores, for archived agents too. A page ends after 4 MiB as well,
   * so it may have fewer than `limit`: where its last version is not 1, the next page is `before` that one.
   * @param page.limit default 20, at most 1,000
   * @param page.before only those below this number
   */
  definitions(agentId: string, page?: { readonly limit?: number; readonly before?: number }): Promise<readonly DefinitionVersion[]>
  /** The fields in which two versions differ. `after` is the one in force by default. @throws PerdureError `invalid-argument` for a version that is not there */
  compareDefinitions(agentId: string, versions: { readonly before: number; readonly after?: number }): Promise<readonly DefinitionDifference[]>
}

/** A command as it is given on. */
interface Given {
  readonly commandId: string
  readonly signal: AbortSignal | undefined
}

export function definitionMethods(workflows: AgentWorkflows, memory: MemoryStore, { agentOf, known }: AgentNames): DefinitionMethods {
  const { agents, definitions } = memory

  const give = async (agent: StoredAgent, change: Omit<ProposedChange, 'agentId' | 'id'>, { commandId, signal }: Given): Promise<DefinitionChange> => {
    const id = createHash('sha256').update(JSON.stringify(change)).digest('base64url').slice(0, 22)
    await definitions.propose({ agentId: agent.key, id, ...change })
    const { version = 1, resumed = false } = await giveCommand({ workflows, agents, signal }, agent, { id: commandId, command: { type: 'define', change: id } })
    const { definition } = await versionOf(agent, version)
    return { version, definition, resumed }
  }

  const versionOf = async (agent: StoredAgent, version: number): Promise<DefinitionVersion> => {
    const found = await definitions.get(agent.key, version)
    if (found !== undefined) return found
    const latest = await latestDefinition(memory, agent)
    if (latest.version === version) return latest
    throw invalidArgument(`the definition has no version ${version}: 1 to ${latest.version} exist`)
  }

  const madeBefore = (agent: StoredAgent, commandId: string | undefined): Promise<DefinitionVersion | undefined> =>
    commandId === undefined ? Promise.resolve(undefined) : definitions.byOp(agent.key, opOf.command(agent.key, commandId))

  /**
   * What is undone is what is seen: a change that is on its way is somebody else's. Under an id it stays what was seen first; where an earlier
   * release has undone it and bound nothing, that was the version before the one that the undo made.
   */
  const seen = async (agent: StoredAgent, commandId: string | undefined): Promise<number> => {
    const { version } = await latestDefinition(memory, agent)
    if (version === 1) throw new PerdureError('nothing-to-undo', 'the definition is still the one of the creation')
    if (commandId === undefined) return version
    const made = await madeBefore(agent, commandId)
    const first = made === undefined ? version : made.version - 1
    return Number(await bindTo(memory.claims, { agentId: agent.key, op: opOf.bound(agent.key, 'version', opOf.command(agent.key, commandId)) }, String(first)))
  }

  const undoing = async (agent: StoredAgent, { to, ifVersion, commandId }: UndoOptions): Promise<Pick<ProposedChange, 'undo' | 'ifVersion'>> => {
    if (to !== undefined) return { undo: (await versionOf(agent, to)).version, ...(ifVersion !== undefined && { ifVersion }) }
    const before = await seen(agent, commandId)
    const version = ifVersion ?? before
    return { undo: Math.max(1, version - 1), ifVersion: version }
  }

  return {
    update: async (agentId, changes, { commandId, author = 'person', ifVersion, signal } = {}) => {
      assertAuthor(author)
      if (commandId !== undefined) assertCommandId(commandId)
      assertVersion(ifVersion)
      const agent = await agentOf(agentId)
      const wanted = assertChanges(changes)
      // What can be told at once is told without a worker.
      if ((await madeBefore(agent, commandId)) === undefined) {
        const { definition: present } = await latestDefinition(memory, agent)
        await changedDefinition({ key: agent.key, present, memory, find: findAgent(agents, tenantOf(agent.key)) }, wanted)
      }
      return give(agent, { author, changes: JSON.stringify(wanted), ...(ifVersion !== undefined && { ifVersion }) }, { commandId: commandId ?? randomUUID(), signal })
    },
    undoDefinition: async (agentId, options = {}) => {
      const { commandId, author = 'person', ifVersion, signal } = options
      assertAuthor(author)
      assertVersion(ifVersion)
      if (commandId !== undefined) assertCommandId(commandId)
      const agent = await agentOf(agentId)
      const change = await undoing(agent, options)
      return give(agent, { author, ...change }, { commandId: commandId ?? randomUUID(), signal })
    },
    definitions: async (agentId, { limit = 20, before } = {}) => {
      assertPage({ limit })
      if (before !== undefined && !Number.isSafeInteger(before)) throw invalidArgument('before is the number of a version')
      const agent = await known(agentId)
      const found = await definitionPage(definitions, agent.key, { limit, before })
      return found.length > 0 || (agent.version ?? 1) > 1 || (before ?? 2) <= 1 ? found : [firstDefinition(agent)]
    },
    compareDefinitions: async (agentId, { before, after }) => {
      const agent = await known(agentId)
      const [earlier, later] = await Promise.all([versionOf(agent, before), after === undefined ? latestDefinition(memory, agent) : versionOf(agent, after)])
      return compareDefinitions(agent.key, earlier.definition, later.definition)
    },
  }
}

function assertVersion(ifVersion: number | undefined): void {
  if (ifVersion !== undefined && !Number.isSafeInteger(ifVersion)) throw invalidArgument('ifVersion is the number of a version')
}
