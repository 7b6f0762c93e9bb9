/**
 * Temporal takes ten updates of a run that are unanswered, and two thousand in all, and then none any more. So a run ends long before
 * that; where it can't, because one step takes so long, events are turned away first, and come as signals. What a person needs in
 * order to step in gets through to the end.
 */
import { ApplicationFailure, defineUpdate, patched, setHandler } from '@temporalio/workflow'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import type { OfAgent } from '../../protocol/handlers.ts'
import { workflowIdOf } from '../../protocol/ids.ts'
import type { AgentState } from '../../protocol/state.ts'
import { isUnreadable } from '../../protocol/unreadable.ts'
import { beginningOf } from '../../protocol/well-formed.ts'
import type { AgentRun } from './run.ts'

/** The run ends as soon as it can. */
const updatesPerRun = 300
/** What may take how much of a run. The rest, up to Temporal's limit, is for cancels and answers. */
const mostUpdates = { event: 1_000, command: 1_500, urgent: Infinity } as const

/** Updates that are unanswered at a time, for as long as a turn takes. */
const heldAtMost = 3

/** Latest commands that are remembered with their answers. */
const rememberedCommands = 50
/** Of a remembered answer's text; it is carried. */
const detailCharacters = 300

export interface UpdateHandler<Answer, Request> {
  readonly urgency: keyof typeof mostUpdates
  /** Refuses before it reaches history. @throws PerdureError */
  readonly check: (request: unknown) => void
  readonly handle: (request: Request) => Answer | Promise<Answer>
}

export function installUpdate<Answer, Request>(run: AgentRun, name: string, { urgency, check, handle }: UpdateHandler<Answer, Request>): void {
  const counted = (request: Request): Answer | Promise<Answer> => {
    count(run)
    return handle(request)
  }
  setHandler(defineUpdate<Answer, [Request]>(name), counted as (request: Request) => Promise<Answer>, {
    validator: (request) => {
      refusing(() => {
        if (isUnreadable(request)) throw invalidArgument('the request is JSON, with the encoding json/plain')
        assertMeant(run.state, request)
        check(request)
        if (run.updates < mostUpdates[urgency]) return
        throw new PerdureError('run-full', `the agent's present step has taken ${run.updates} updates, as many as it may; try again when it has ended, or send a message as a signal`)
      })
    },
  })
}

function count(run: AgentRun): void {
  run.updates += 1
  // Asked only where it matters: its marker is in the history of each run that asks.
  if (run.updates >= updatesPerRun && patched('updates-bounded')) run.full = true
}

/** Whether one more update may stay unanswered until something has come about. */
export function mayHold(run: AgentRun): boolean {
  return run.held < heldAtMost || !patched('few-updates-held')
}

/** An answer that was given under this id, to this very question. */
export function answeredBefore(state: AgentState, id: string | undefined, asked: string): { readonly answer: unknown } | undefined {
  if (id === undefined) return undefined
  const known = state.commands?.find(([given, what]) => given === id && what === asked)
  // Earlier versions did it again.
  return known !== undefined && patched('commands-remembered') ? { answer: known[2] } : undefined
}

/** @throws PerdureError `invalid-argument` for an id under which something else was asked */
export function assertSameCommand({ commands = [] }: AgentState, id: string | undefined, asked: string): void {
  const known = commands.find(([given]) => given === id)
  if (known === undefined || known[1] === asked) return
  throw invalidArgument(`under the id ${String(id)} the agent was asked for ${known[1]}; another command needs another id`)
}

export function rememberAnswer(state: AgentState, id: string | undefined, asked: string, answer: object): void {
  if (id === undefined) return
  const { detail } = answer as { readonly detail?: string }
  const kept = detail === undefined ? answer : { ...answer, detail: beginningOf(detail, detailCharacters) }
  state.commands = [...(state.commands ?? []), [id, asked, kept] as const].slice(-rememberedCommands)
}

/** What is done at once, and once under its id. */
export function once<Answer extends object>(state: AgentState, { id, asked }: { readonly id: string | undefined; readonly asked: string }, act: () => Answer): Answer {
  const before = answeredBefore(state, id, asked)
  if (before !== undefined) return before.answer as Answer
  const answer = act()
  rememberAnswer(state, id, asked, answer)
  return answer
}

/**
 * Two installations that share a namespace of Temporal, and not their stores, may each have an agent of this name. The workflow is that of one of
 * them: what is sent to the other would be lost here, as its text is in the other's stores.
 * @throws PerdureError `wrong-stores`
 */
export function assertMeant({ agentId, createdAt }: AgentState, request: unknown): void {
  const meant = (request as OfAgent | null | undefined)?.createdAt
  if (meant === undefined || createdAt === undefined || meant === createdAt) return
  throw new PerdureError(
    'wrong-stores',
    `the workflow of agent ${agentId} here is that of another agent of this name, made at ${createdAt} in other stores; the one that is meant was made at ${meant}. ` +
      `Give each set of stores a namespace of its own (TEMPORAL_NAMESPACE). Where the other stores are gone for good, terminate the workflow ${workflowIdOf(agentId)}`,
  )
}

/** An update's sender gets our code as the failure's type. */
export function refusing(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw failureOf(error)
  }
}

export function failureOf(error: unknown): unknown {
  return PerdureError.isInstance(error) ? ApplicationFailure.nonRetryable(error.message, error.code) : error
}
