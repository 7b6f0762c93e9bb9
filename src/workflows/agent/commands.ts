import type { AgentActivities, CommandInput, CommandResult } from '../../protocol/activities.ts'
import { assertCommandId, type AgentCommand, type CommandAnswer, type CommandRequest } from '../../protocol/commands.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { opOf } from '../../protocol/ids.ts'
import type { AgentState } from '../../protocol/state.ts'
import { inForceOfParked, putInForce } from './definition.ts'
import { lastExchange, rangesOf, withoutRanges } from './queue.ts'

/** A command that waits for the gap between two turns. `answer` is set once it has run; its handler waits for that. */
export interface WaitingCommand {
  readonly request: CommandRequest
  answer?: CommandAnswer
}

/** Between two steps, that is; the others wait for the turn's end. */
export const mayRunDuringTurn = ({ request: { command } }: WaitingCommand): boolean => command.type === 'archive' || command.type === 'define'

/** No message has a turn after it, so it waits for none. */
export const isEnding = ({ request: { command } }: WaitingCommand): boolean => command.type === 'archive'

/** @throws PerdureError `invalid-argument` */
export function assertCommand(request: unknown): asserts request is CommandRequest {
  const { id, command } = (request ?? {}) as { id?: unknown; command?: { type?: unknown; name?: unknown; erase?: unknown; change?: unknown } | null }
  assertCommandId(id)
  const type = command?.type
  if (!commandTypes.includes(type as AgentCommand['type'])) throw invalidArgument(`command.type is one of ${commandTypes.join(', ')}`)
  const { name, erase, change } = command ?? {}
  if (type === 'archive' && typeof erase !== 'boolean') throw invalidArgument('command.erase is true, to delete all that is stored of the agent, or false')
  if (type === 'define' && (typeof change !== 'string' || !/^\S{1,64}$/.test(change))) throw invalidArgument('command.change is the id of a change that was proposed; use `update` of the client, or `perdure set`')
  if ((type === 'save' || type === 'load') && (typeof name !== 'string' || !checkpointName.test(name))) {
    throw invalidArgument('a checkpoint has a name of 1 to 64 letters, digits, ".", "-" or "_"')
  }
}

const commandTypes: readonly AgentCommand['type'][] = ['pop', 'save', 'load', 'renew', 'define', 'archive']
const checkpointName = /^[\w.-]{1,64}$/

/** Whoever asks for it, and however often: there is one deletion. */
export const isDeletion = (command: AgentCommand): boolean => command.type === 'archive' && command.erase

/** Runs between turns only; the loop sees to it. Bodies are the activity's business, the queue is the workflow's. */
export async function runCommand(
  state: AgentState,
  request: CommandRequest,
  run: AgentActivities['runCommand'],
): Promise<{ readonly answer: CommandAnswer; readonly archived: boolean }> {
  const { command } = request
  if (command.type === 'renew') return { answer: { status: 'done', detail: 'the agent goes on in a new run' }, archived: false }
  const input = { agentId: state.agentId, op: opOf.command(state.agentId, request.id), turn: state.nextTurn, command, ...inForceOfParked(state) }
  switch (command.type) {
    case 'pop': {
      const exchange = lastExchange(state.queue)
      if (exchange.length === 0) return refused('nothing-to-undo', 'there is no exchange in the context')
      const result = await run({ ...input, pop: rangesOf(exchange) })
      if (result.ok) state.queue = withoutRanges(state.queue, result.popped ?? rangesOf(exchange))
      return answered(result)
    }
    case 'save':
      return answered(await run({ ...input, save: { queue: state.queue, ...(state.summary && { summary: state.summary }) } } satisfies CommandInput))
    case 'load': {
      const result = await run(input)
      if (result.ok && result.load !== undefined) {
        state.queue = [...result.load.queue]
        if (result.load.summary) state.summary = result.load.summary
        else delete state.summary
        state.alerted = false
      }
      if (result.ok && result.definition !== undefined) putInForce(state, result.definition)
      return answered(result)
    }
    case 'define': {
      const result = await run({ ...input, turn: state.running?.turn ?? state.nextTurn - 1 })
      if (!result.ok || result.definition === undefined) return answered(result)
      const resumed = putInForce(state, result.definition)
      if (resumed) state.resumeAsked = true
      return { answer: { ...answered(result).answer, version: result.version ?? result.definition.version, resumed }, archived: false }
    }
    case 'archive': {
      const result = await run(input)
      return { ...answered(result), archived: result.ok }
    }
  }
}

const refused = (code: string, detail: string): { answer: CommandAnswer; archived: false } => ({ answer: { status: 'refused', code, detail }, archived: false })

function answered(result: CommandResult): { answer: CommandAnswer; archived: false } {
  return result.ok ? { answer: { status: 'done', detail: result.detail }, archived: false } : refused(result.code, result.detail)
}
