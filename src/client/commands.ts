import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { nameOf } from '../protocol/agent-key.ts'
import type { AgentCommand, CancelRequest, CommandAnswer, CommandRequest } from '../protocol/commands.ts'
import { assertCommandId } from '../protocol/commands.ts'
import { isUnanswered, PerdureError } from '../protocol/errors.ts'
import { handlerNames, type AgentView } from '../protocol/handlers.ts'
import type { AgentStore, StoredAgent } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { earlierAnswer, query, update } from './temporal-agent.ts'

export interface CommandOptions {
  /**
   * Makes the command repeatable: the same again under the same id is the same one, has one effect and gets the same answer. The agent
   * remembers its latest 50. Default: a new UUID, which this call's own tries share.
   */
  readonly commandId?: string
}

export interface CancelOptions extends CommandOptions {
  /** Only this turn: one that began after it is left alone, however late the cancel comes. Default: the turn that runs when the method is called. */
  readonly turn?: number
}

export interface CommandMethods {
  /** Stops the running turn; what was finished is kept. False if none ran. */
  cancel(agentId: string, options?: CancelOptions): Promise<boolean>
  /** Lets a parked agent try again. False if it was not parked. */
  resume(agentId: string, options?: CommandOptions): Promise<boolean>
  /**
   * Pop, save, load: run between turns, and waited for as long as it takes.
   * @throws PerdureError with the code of a refusal; `invalid-argument` for an id under which another command was given
   */
  command(agentId: string, command: AgentCommand, options?: CommandOptions): Promise<CommandAnswer>
  /**
   * Ends the agent's workflow and deletes all that is stored of it. Its name is free again at once: from the first moment on an agent
   * created under it is another one, which nothing of this deletion reaches. One that was broken off goes on when it is repeated.
   * @throws PerdureError `agent-unknown` where there is neither such an agent nor an unfinished deletion of one
   */
  delete(agentId: string, options?: CommandOptions): Promise<void>
}

/** Between two tries where a workflow has just continued as new. */
const carriedPauseMs = 20
/** Between two questions after a command that waits for a turn's end. */
const firstAskingMs = 50
const rarestAskingMs = 2_000

export function commandMethods(workflows: AgentWorkflows, agents: AgentStore, { agentOf, find, known }: AgentNames): CommandMethods {
  const run = async (agent: StoredAgent, request: CommandRequest): Promise<CommandAnswer> => {
    for (;;) {
      let answer = await update<CommandAnswer>(workflows, agent, { name: handlerNames.command, id: updateIdOf(request), input: request })
      if (answer.status === 'waiting') answer = (await ran(workflows, agents, agent, request)) ?? answer
      if (answer.status === 'done') return answer
      if (answer.status === 'refused') throw new PerdureError((answer.code ?? 'invalid-argument') as PerdureError['code'], answer.detail)
      await sleep(carriedPauseMs)
    }
  }

  /** By the agent's own workflow, which is started anew where it does not run. */
  const finishDeletion = async (agent: StoredAgent, request: CommandRequest): Promise<void> => {
    try {
      await run(agent, request)
    } catch (error) {
      // Another request for it was first.
      if (!(PerdureError.isInstance(error) && error.code === 'agent-archived') || (await agents.get(agent.key)) !== undefined) throw error
    }
  }

  /** What ends an agent leaves nobody to be asked again. */
  const answeredBefore = async (key: string, request: CommandRequest): Promise<CommandAnswer | undefined> => {
    const earlier = await earlierAnswer<CommandAnswer>(workflows, key, { name: handlerNames.command, id: updateIdOf(request) })
    // Its workflow may have found it deleted, or archived, before it came to this request.
    return earlier?.status === 'done' || earlier?.code === 'agent-archived' ? { ...earlier, status: 'done' } : undefined
  }

  return {
    command: async (agentId, command, { commandId = randomUUID() } = {}) => {
      assertCommandId(commandId)
      const request: CommandRequest = { id: commandId, command }
      const agent = await known(agentId)
      const earlier = command.type === 'archive' && agent.archivedAt !== undefined ? await answeredBefore(agent.key, request) : undefined
      return earlier ?? run(await agentOf(agentId), request)
    },
    cancel: async (agentId, { commandId = randomUUID(), turn } = {}) => {
      const agent = await agentOf(agentId)
      const input: CancelRequest = { commandId, turn: turn ?? (await runningTurn(workflows, agent)) }
      const { cancelled } = await update<{ cancelled: boolean }>(workflows, agent, { name: handlerNames.cancel, id: commandId, input, urgent: true })
      return cancelled
    },
    resume: async (agentId, { commandId = randomUUID() } = {}) => {
      const { resumed } = await update<{ resumed: boolean }>(workflows, await agentOf(agentId), { name: handlerNames.resume, id: commandId, input: { commandId } })
      return resumed
    },
    delete: async (agentId, { commandId = randomUUID() } = {}) => {
      assertCommandId(commandId)
      const request: CommandRequest = { id: commandId, command: { type: 'archive', erase: true } }
      const agent = await find(agentId)
      if (agent !== undefined) await agents.markDeleting(agent.key, new Date().toISOString())
      // Of earlier agents of that name too, where their deletion was broken off.
      const leaving = await agents.beingDeleted(nameOf(agentId))
      if (leaving.length === 0 && (await answeredBefore(agentId, request)) === undefined) await known(agentId)
      await Promise.all(leaving.map((left) => finishDeletion(left, request)))
    },
  }
}

/** The workflow tells another command under the id from this one, so Temporal must not take the two for one update. */
function updateIdOf({ id, command }: CommandRequest): string {
  return [command.type, ...('name' in command ? [command.name] : []), ...('erase' in command && command.erase ? ['erase'] : []), id].join('/')
}

/** No turn has the number 0, so where none runs none is cancelled. */
async function runningTurn(workflows: AgentWorkflows, agent: StoredAgent): Promise<number> {
  try {
    const { running } = await query<AgentView>(workflows, agent, handlerNames.state)
    return running?.turn ?? 0
  } catch (error) {
    if (PerdureError.isInstance(error) && error.code === 'agent-unknown') return 0
    throw error
  }
}

/** Asks until the command has run; undefined where the agent does not know it any more, so that it is to be given again. */
async function ran(workflows: AgentWorkflows, agents: AgentStore, agent: StoredAgent, request: CommandRequest): Promise<CommandAnswer | undefined> {
  for (let pauseMs = firstAskingMs; ; pauseMs = Math.min(rarestAskingMs, pauseMs * 1.5)) {
    await sleep(pauseMs)
    const answer = await query<CommandAnswer | null>(workflows, agent, handlerNames.commandAnswer, request).catch(async (error: unknown): Promise<CommandAnswer | null> => {
      if (isUnanswered(error)) return { status: 'waiting', detail: '' }
      const present = await agents.get(agent.key)
      if (present !== undefined && present.archivedAt === undefined && present.deletingAt === undefined) throw error
      return request.command.type === 'archive' ? { status: 'done', detail: 'archived' } : { status: 'refused', code: 'agent-archived', detail: 'the agent was archived before' }
    })
    if (answer?.status !== 'waiting') return answer ?? undefined
  }
}
