import { patched } from '@temporalio/workflow'
import { askedBy, type CommandAnswer, type CommandRequest } from '../../protocol/commands.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { isDeletion, type WaitingCommand } from './commands.ts'
import { until } from './keep.ts'
import type { AgentRun } from './run.ts'
import { answeredBefore, mayHold } from './updates.ts'

/** Commands that wait for the gap between two turns: well below those that are remembered, as whoever was not held asks after they have run. */
const waitingAtMost = 25

const waits: CommandAnswer = { status: 'waiting', detail: 'runs between two turns; the query commandAnswer tells what it came to' }
const deletedBefore: CommandAnswer = { status: 'done', detail: 'deleted before, with all of its memory' }
const archivedBefore: CommandAnswer = { status: 'refused', code: 'agent-archived', detail: 'the agent was archived before' }

/** Puts a command down for the loop, unless it is there or has its answer. Few senders are kept waiting; the others look for it. */
export async function takeCommand(run: AgentRun, request: CommandRequest): Promise<CommandAnswer> {
  const before = answeredBefore(run.state, request.id, askedBy(request.command))
  if (before !== undefined) return before.answer as CommandAnswer
  const waiting = waitingCommand(run, request)
  const ended = (): boolean => waiting.answer !== undefined || run.draining || run.archived
  if (!ended() && !mayHold(run)) return waits
  run.held += 1
  try {
    await until(ended)
  } finally {
    run.held -= 1
  }
  if (waiting.answer) return waiting.answer
  if (run.archived) return run.gone === true && isDeletion(request.command) ? deletedBefore : archivedBefore
  return { status: 'carried', detail: 'the agent continues as new; ask again' }
}

/** What a command has come to; null for one that is not known here. */
export function presentCommandAnswer(run: AgentRun, request: CommandRequest): CommandAnswer | null {
  const known = run.state.commands?.find(([id, asked]) => id === request.id && asked === askedBy(request.command))
  if (known !== undefined) return known[2] as CommandAnswer
  if (run.archived) return archivedBefore
  if (sameIn(run, request) !== undefined) return waits
  // A failure is not remembered beyond this run: in another one the command is tried anew.
  return run.commands.findLast(({ request: given }) => isSame(given, request))?.answer ?? null
}

/** @throws PerdureError `mailbox-full` */
export function assertRoomForCommand(run: AgentRun, request: CommandRequest): void {
  const waiting = run.commands.filter(({ answer }) => answer === undefined).length
  if (waiting < waitingAtMost || sameIn(run, request) !== undefined) return
  throw new PerdureError('mailbox-full', `${waiting} commands wait already; ask again when some have run`)
}

function waitingCommand(run: AgentRun, request: CommandRequest): WaitingCommand {
  const same = sameIn(run, request)
  // Earlier versions ran it once for each time that it was asked for.
  if (same !== undefined && patched('commands-remembered')) return same
  const waiting: WaitingCommand = { request }
  run.commands.push(waiting)
  return waiting
}

function sameIn({ commands }: AgentRun, request: CommandRequest): WaitingCommand | undefined {
  return commands.find(({ request: waiting, answer }) => answer === undefined && isSame(waiting, request))
}

function isSame(one: CommandRequest, other: CommandRequest): boolean {
  return (isDeletion(one.command) && isDeletion(other.command)) || (one.id === other.id && askedBy(one.command) === askedBy(other.command))
}
