import { setTimeout as sleep } from 'node:timers/promises'
import { QueryNotRegisteredError, WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { errorCodes, PerdureError, type ErrorCode } from '../protocol/errors.ts'
import { saysUnreplayable } from './broken-history.ts'
import { aborted, asOurs, failedPrecondition, grpcErrorOf, isNamespaceUnknown, notFound, says, transientCodes } from './grpc-error.ts'
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
  // It was tried for as long as it may be, or is told otherwise; its cause says nothing any more.
  if (PerdureError.isInstance(error)) return false
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true
  // A worker that can't replay the agent's history can't answer; soon there is another history (`unreplayableRun`).
  if (error instanceof QueryNotRegisteredError && saysUnreplayable(error.message)) return true
  // The worker that had it was ended, or had lost the workflow, before it came to the update: nothing was accepted.
  if (error instanceof WorkflowUpdateFailedError && /wasn't processed by worker/i.test(error.cause?.message ?? '')) return true
  if (isNamespaceUnknown(error)) return true
  // Of an update with start: somebody ended the workflow before it took the update, and again when the server had started another one.
  if (says(error, /aborted by closing workflow/i, notFound)) return true
  // A query finds no worker at once, and says so; one may be starting. An update is turned away while the agent's workers fail at it or
  // die over it one after the other; the next one may not.
  if (says(error, /no poller|workflow task (in failed state|failure)/i, failedPrecondition)) return true
  const code = grpcErrorOf(error)?.code
  return code !== undefined && (transientCodes.has(code) || code === aborted)
}

/** The whole workflow is paused, not one of its activities. Waiting does not mend it, so whoever asks is told at once. */
const isPaused = (error: unknown): boolean => says(error, /workflow is paused/i, failedPrecondition)

/** The workflow knows no such update: a worker of an earlier version has it, or it ended before it knew any. */
export const isUnhandled = (error: unknown): boolean => error instanceof WorkflowUpdateFailedError && /no registered handler/i.test(error.cause?.message ?? '')

/** With a code of ours, whatever it is that Temporal's client has thrown. */
export function translated(error: unknown): unknown {
  if (PerdureError.isInstance(error)) return error
  if (isPaused(error)) {
    const text = "an operator has paused the agent's workflow in Temporal, which takes nothing for it until it is unpaused there (`temporal workflow unpause`). A message that is stored is handled then; anything else may be asked again"
    return new PerdureError('server-unavailable', text, { cause: error })
  }
  if (error instanceof WorkflowNotFoundError || isEndedUnbegun(error)) {
    return new PerdureError('agent-unknown', 'no workflow of this agent runs; create the agent, or send it a message, which starts it', { cause: error })
  }
  if (isTotalReached(error)) return new PerdureError('run-full', 'the agent\'s present run has taken as many updates or signals as Temporal lets it; try again when its step has ended', { cause: error })
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : error
  if (cause instanceof ApplicationFailure && isCode(cause.type)) return new PerdureError(cause.type, cause.message, { cause: error })
  return asOurs(error)
}

/** Somebody ended the workflow before any worker had begun it, so there is nothing to be asked. */
const isEndedUnbegun = (error: unknown): boolean => says(error, /closed before WorkflowTaskStarted/i, failedPrecondition)

/** Temporal's own limits. Of our workflows only those come as far that no worker takes, or that an earlier version runs. */
const isTotalReached = (error: unknown): boolean => says(error, /total number of distinct updates|limit for signal events/i)

function isCode(type: unknown): type is ErrorCode {
  return errorCodes.includes(type as ErrorCode)
}
