import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandAnswer, CommandRequest } from '../protocol/commands.ts'
import { isUnanswered, PerdureError } from '../protocol/errors.ts'
import { handlerNames } from '../protocol/handlers.ts'
import type { AgentStore, StoredAgent } from '../stores/agents.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { look } from './look.ts'
import { update } from './temporal-agent.ts'

/** Between two tries where a workflow has just continued as new. */
const carriedPauseMs = 20
/** Between two questions after a command that waits for a turn's end. */
const firstAskingMs = 50
const rarestAskingMs = 2_000

interface Giving {
  readonly workflows: AgentWorkflows
  readonly agents: AgentStore
  /** Stops the waiting. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Gives a command to the agent's workflow, and waits until it has run.
 * @throws PerdureError with the code of a refusal; the signal's reason
 */
export async function giveCommand({ workflows, agents, signal }: Giving, agent: StoredAgent, request: CommandRequest): Promise<CommandAnswer> {
  for (;;) {
    let answer = await update<CommandAnswer>(workflows, agent, { name: handlerNames.command, id: commandUpdateId(request), input: request, signal })
    if (answer.status === 'waiting') answer = (await ran({ workflows, agents, signal }, agent, request)) ?? answer
    if (answer.status === 'done') return answer
    if (answer.status === 'refused') throw new PerdureError((answer.code ?? 'invalid-argument') as PerdureError['code'], answer.detail)
    await sleep(carriedPauseMs, undefined, signal && { signal })
  }
}

/** The workflow tells another command under the id from this one, so Temporal must not take the two for one update. */
export function commandUpdateId({ id, command }: CommandRequest): string {
  return [command.type, ...('change' in command ? [command.change] : []), ...('name' in command ? [command.name] : []), ...('erase' in command && command.erase ? ['erase'] : []), id].join('/')
}

/** Asks until the command has run; undefined where the agent does not know it any more, so that it is to be given again. */
async function ran({ workflows, agents, signal }: Giving, agent: StoredAgent, request: CommandRequest): Promise<CommandAnswer | undefined> {
  for (let pauseMs = firstAskingMs; ; pauseMs = Math.min(rarestAskingMs, pauseMs * 1.5)) {
    await sleep(pauseMs, undefined, signal && { signal })
    const answer = await look<CommandAnswer | null>(workflows, agent, { query: handlerNames.commandAnswer, args: [request], signal }).catch(async (error: unknown): Promise<CommandAnswer | null> => {
      if (signal?.aborted === true) throw error
      if (isUnanswered(error)) return { status: 'waiting', detail: '' }
      const present = await agents.get(agent.key)
      if (present !== undefined && present.archivedAt === undefined && present.deletingAt === undefined) throw error
      return request.command.type === 'archive' ? { status: 'done', detail: 'archived' } : { status: 'refused', code: 'agent-archived', detail: 'the agent was archived before' }
    })
    if (answer?.status !== 'waiting') return answer ?? undefined
  }
}
