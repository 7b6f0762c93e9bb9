import { randomUUID } from 'node:crypto'
import { lineOf } from '../protocol/agent-key.ts'
import type { AgentCommand, CancelRequest, CommandAnswer, CommandRequest } from '../protocol/commands.ts'
import { assertCommandId } from '../protocol/commands.ts'
import { PerdureError } from '../protocol/errors.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import type { AgentStore, StoredAgent } from '../stores/agents.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { commandUpdateId, giveCommand } from './give-command.ts'
import { look } from './look.ts'
import { earlierAnswer, update } from './temporal-agent.ts'

export interface CommandOptions {
  /**
   * Makes the command repeatable: the same again under the same id is the same one, has one effect and gets the same answer. The agent
   * remembers its latest 50. Default: a new UUID, which this call's own tries share.
   */
  readonly commandId?: string
  /** Stops the waiting; what was asked for may still be done. */
  readonly signal?: AbortSignal
}

export interface CancelOptions extends CommandOptions {
  /** Only this turn: one that began after it is left alone, however late the cancel comes. Default: the turn that runs when the method is called. */
  readonly turn?: number
}

export interface CommandMethods {
  /** Stops the running turn; what was finished is kept. False if none ran. */
  cancel(agentId: string, options?: CancelOptions): Promise<boolean>
  /** Lets a parked agent try again, and forgets a window that the endpoint has named, parked or not. False if it was not parked. */
  resume(agentId: string, options?: CommandOptions): Promise<boolean>
  /**
   * Pop, save, load: run between turns (a `define`, which `update` gives, between two steps), and waited for as long as it takes.
   * @throws PerdureError with the code of a refusal; `invalid-argument` for an id under which another command was given
   */
  command(agentId: string, command: AgentCommand, options?: CommandOptions): Promise<CommandAnswer>
  /**
   * Ends the agent's workflow and deletes all that is stored of it. Its name is free again at once: from the first moment on an agent
   * created under it is another one, which nothing of this deletion reaches, nor does the same again under the same `commandId`, whoever finished
   * the deletion. For that the stores keep, beyond the deletion, the ids of the latest 50 commands by which agents of a name were deleted. One that
   * was broken off goes on when it is repeated.
   * @throws PerdureError `agent-unknown` where there is neither such an agent nor an unfinished deletion of one
   */
  delete(agentId: string, options?: CommandOptions): Promise<void>
}

export function commandMethods(workflows: AgentWorkflows, agents: AgentStore, { agentOf, find, inner, known }: AgentNames): CommandMethods {
  const run = (agent: StoredAgent, request: CommandRequest, signal: AbortSignal | undefined): Promise<CommandAnswer> => giveCommand({ workflows, agents, signal }, agent, request)

  /** By the agent's own workflow, which is started anew where it does not run. */
  const finishDeletion = async (agent: StoredAgent, request: CommandRequest, signal: AbortSignal | undefined): Promise<void> => {
    try {
      await run(agent, request, signal)
    } catch (error) {
      // Another request for it was first.
      if (!(PerdureError.isInstance(error) && error.code === 'agent-archived') || (await agents.get(agent.key)) !== undefined) throw error
    }
  }

  /** What ends an agent leaves nobody to be asked again. */
  const answeredBefore = async (key: string, request: CommandRequest): Promise<CommandAnswer | undefined> => {
    const earlier = await earlierAnswer<CommandAnswer>(workflows, key, { name: handlerNames.command, id: commandUpdateId(request) })
    // Its workflow may have found it archived before it came to this request.
    return earlier?.status === 'done' || earlier?.code === 'agent-archived' ? { ...earlier, status: 'done' } : undefined
  }

  const erase: CommandMethods['delete'] = async (agentId, options = {}) => {
    const { commandId: given, signal } = options
    const commandId = given ?? randomUUID()
    assertCommandId(commandId)
    const request: CommandRequest = { id: commandId, command: { type: 'archive', erase: true } }
    const line = lineOf(inner(agentId))
    // In this order: if the agent that is found follows one that this command deletes at the same time, that one is known to be deleted by it.
    const found = await find(agentId)
    const again = given !== undefined && (await agents.wasDeletedBy(inner(agentId), given))
    // The name may have another agent by now, which the command was never about. Where it has none, the command is about those that are leaving.
    const meant = again ? [] : found === undefined ? await agents.beingDeleted(line) : [found]
    if (meant.length === 0 && !again) {
      await known(agentId)
      // It was created since.
      return erase(agentId, options)
    }
    const at = new Date().toISOString()
    await Promise.all(meant.map(({ key }) => agents.markDeleting(key, at, given)))
    // Of earlier agents of that name too, where their deletion was broken off.
    const leaving = await agents.beingDeleted(line)
    await Promise.all(leaving.map((left) => finishDeletion(left, request, signal)))
  }

  return {
    command: async (agentId, command, options = {}) => {
      if (command.type === 'archive' && command.erase) {
        await erase(agentId, options)
        return { status: 'done', detail: 'deleted' }
      }
      const { commandId = randomUUID(), signal } = options
      assertCommandId(commandId)
      const request: CommandRequest = { id: commandId, command }
      const agent = await known(agentId)
      const earlier = command.type === 'archive' && agent.archivedAt !== undefined ? await answeredBefore(agent.key, request) : undefined
      return earlier ?? run(await agentOf(agentId), request, signal)
    },
    cancel: async (agentId, { commandId = randomUUID(), turn, signal } = {}) => {
      const agent = await agentOf(agentId)
      const input: CancelRequest = turn === undefined ? { commandId, turn: await runningTurn(workflows, agent, signal) } : { commandId, turn, named: true }
      const { cancelled } = await update<{ cancelled: boolean }>(workflows, agent, { name: handlerNames.cancel, id: turn === undefined ? commandId : `${commandId}/${turn}`, input, urgent: true, signal })
      return cancelled
    },
    resume: async (agentId, { commandId = randomUUID(), signal } = {}) => {
      const { resumed } = await update<{ resumed: boolean }>(workflows, await agentOf(agentId), { name: handlerNames.resume, id: commandId, input: { commandId }, signal })
      return resumed
    },
    delete: erase,
  }
}

/** No turn has the number 0, so where none runs none is cancelled. */
async function runningTurn(workflows: AgentWorkflows, agent: StoredAgent, signal: AbortSignal | undefined): Promise<number> {
  try {
    const { running } = await look<AgentView>(workflows, agent, { query: handlerNames.state, signal })
    return running?.turn ?? 0
  } catch (error) {
    if (PerdureError.isInstance(error) && error.code === 'agent-unknown') return 0
    throw error
  }
}
