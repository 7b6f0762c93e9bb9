import { setTimeout as sleep } from 'node:timers/promises'
import { QueryNotRegisteredError, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client'
import { ApplicationFailure, NamespaceNotFoundError } from '@temporalio/common'
import { errorCodes, PerdureError, type ErrorCode } from '../protocol/errors.ts'
import { saysUnreplayable } from './broken-history.ts'
import { aborted, failedPrecondition, grpcErrorOf, notFound, transientCodes } from './grpc-error.ts'
import { stuckWorkflow } from './stuck.ts'
import type { AgentWorkflows } from './agent-workflows.ts'
import { whyUnanswered } from './why-unanswered.ts'

/** How long a call is repeated while nobody answers; what was sent is durable or is sent again. */
const defaultPatienceMs = 60_000
const firstPauseMs = 50
const longestPauseMs = 2_000

export const patienceOf = ({ patienceMs = defaultPatienceMs }: AgentWorkflows): number => patienceMs

export interface PatientCall<T> {
  readonly agentId: string
  readonly call: () => Promise<T>
  readonly signal?: AbortSignal | undefined
}

/**
 * Repeats while the server or its workers are away, for `patienceMs` in all, whatever a single attempt waits for; turns what comes
 * back into errors with our codes.
 * @throws PerdureError `server-unavailable`, `no-worker` where nobody has answered; `key-unknown` at once
 */
export async function patiently<T>(workflows: AgentWorkflows, { agentId, call, signal }: PatientCall<T>): Promise<T> {
  const { temporal } = workflows
  const since = Date.now()
  const deadline = since + patienceOf(workflows)
  for (const pauseMs of pauses()) {
    try {
      signal?.throwIfAborted()
      // Without a worker an update waits for one, and would wait for ever.
      return await abandonable(temporal.withDeadline(deadline, call), signal)
    } catch (error) {
      // Waiting brings no key.
      const stuck = await stuckWorkflow(temporal, agentId, error)
      if (stuck !== undefined) throw stuck
      if (!isTransient(error)) throw translated(error)
      if (Date.now() >= deadline) throw await whyUnanswered(workflows, { agentId, since, cause: error })
    }
    await sleep(Math.min(pauseMs, Math.max(0, deadline - Date.now())), undefined, signal && { signal })
  }
  throw new Error('unreachable: pauses never end')
}

/** Milliseconds between two attempts, growing; never ends. */
export function* pauses(): Generator<number, void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) yield pauseMs
}

/** Stops waiting when the signal is aborted. What was asked for goes on. */
export function abandonable<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer
  return new Promise((resolve, reject) => {
    const abandon = (): void => reject(signal.reason as Error)
    if (signal.aborted) abandon()
    signal.addEventListener('abort', abandon, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon))
  })
}

export function isTransient(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true
  // A worker that can't replay the agent's history can't answer; soon there is another history (`unreplayableRun`).
  if (error instanceof QueryNotRegisteredError && saysUnreplayable(error.message)) return true
  // The worker that had it was ended, or had lost the workflow, before it came to the update: nothing was accepted.
  if (error instanceof WorkflowUpdateFailedError && /wasn't processed by worker/i.test(error.cause?.message ?? '')) return true
  // A server that has just started, or hung, has its namespaces a moment later.
  if (error instanceof NamespaceNotFoundError) return true
  const cause = grpcErrorOf(error)
  if (cause === undefined) return false
  if (cause.code === notFound && /namespace \S+ is not found/i.test(`${cause.details} ${cause.message}`)) return true
  // A query finds no worker at once, and says so; one may be starting. An update is turned away while the agent's workers fail at it or
  // die over it one after the other; the next one may not.
  // Of an update with start the text stands in the message, and something else in the details.
  return transientCodes.has(cause.code) || cause.code === aborted || (cause.code === failedPrecondition && /no poller|workflow task (in failed state|failure)/i.test(`${cause.details} ${cause.message}`))
}

/** The workflow knows no such update: a worker of an earlier version has it, or it ended before it knew any. */
export const isUnhandled = (error: unknown): boolean => error instanceof WorkflowUpdateFailedError && /no registered handler/i.test(error.cause?.message ?? '')

export function translated(error: unknown): unknown {
  if (error instanceof WorkflowNotFoundError || isEndedUnbegun(error)) {
    return new PerdureError('agent-unknown', 'no workflow of this agent runs; create the agent, or send it a message, which starts it', { cause: error })
  }
  if (isTotalReached(error)) return new PerdureError('run-full', 'the agent\'s present run has taken as many updates as Temporal lets it; try again when its step has ended', { cause: error })
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error
  if (cause instanceof ApplicationFailure && isCode(cause.type)) return new PerdureError(cause.type, cause.message, { cause: error })
  return error
}

/** Somebody ended the workflow before any worker had begun it, so there is nothing to be asked. */
function isEndedUnbegun(error: unknown): boolean {
  const cause = grpcErrorOf(error)
  return cause?.code === failedPrecondition && /closed before WorkflowTaskStarted/i.test(`${cause.details} ${cause.message}`)
}

/** Temporal's own limit. Of our workflows only those of earlier versions come as far. */
function isTotalReached(error: unknown): boolean {
  const cause = grpcErrorOf(error)
  return cause?.code === failedPrecondition && /total number of distinct updates/i.test(cause.details)
}

function isCode(type: unknown): type is ErrorCode {
  return errorCodes.includes(type as ErrorCode)
}
