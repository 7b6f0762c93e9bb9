import { QueryNotRegisteredError, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure, CancelledFailure, NamespaceNotFoundError } from '@temporalio/common'
import { expect, test } from 'vitest'
import { isTransient, translated } from '../../src/client/patiently.ts'
import { PerdureError } from '../../src/protocol/errors.ts'

/** As the SDK throws it. */
const refused = (code: number, message: string, details: string): Error => Object.assign(new Error(message), { code, details, metadata: {} })

/** As gRPC's INVALID_ARGUMENT. */
const unanswerable = (message: string): Error => Reflect.construct(QueryNotRegisteredError, [message, 3]) as Error

const failedState = 'Unable to perform workflow execution update due to Workflow Task in failed state.'

test('a query is asked again that a worker could not answer because it can not replay the history; not one that there is not [recover:from-stores]', () => {
  expect(isTransient(unanswerable('[TMPRL1100] Nondeterminism error: Activity machine does not handle this event'))).toBe(true)
  expect(isTransient(unanswerable('Workflow did not register a handler for colour'))).toBe(false)
})

test('a server that does not know its namespace yet is one that is away [mailbox:durable]', () => {
  expect(isTransient(new NamespaceNotFoundError('default'))).toBe(true)
  expect(isTransient(refused(5, 'Namespace default is not found.', '\\n9type.googleapis.com'))).toBe(true)
  expect(isTransient(refused(5, '5 NOT_FOUND: workflow not found for ID: agent:ada', 'workflow not found for ID: agent:ada'))).toBe(false)
})

test('an update that a worker did not come to is sent again; one that it refused is not [updates:bounded]', () => {
  const failed = (message: string): Error => new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.nonRetryable(message))
  expect(isTransient(failed("Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker."))).toBe(true)
  expect(isTransient(failed('event.id is a string'))).toBe(false)
})

test('an update that met the end of the workflow before it was taken is sent again [mailbox:durable]', () => {
  const closing = 'workflow update was aborted by closing workflow'
  expect(isTransient(refused(10, closing, closing))).toBe(true)
  // With start: once the server mends it by itself.
  expect(isTransient(refused(5, closing, 'Update-with-Start could not be executed.'))).toBe(true)
})

test('a query of a workflow that was ended before it began finds no agent that runs [recover:from-stores]', () => {
  const closed = 'Workflow execution closed before WorkflowTaskStarted event'
  expect(translated(refused(9, `9 FAILED_PRECONDITION: ${closed}`, closed))).toMatchObject({ code: 'agent-unknown' })
})

test('an update that is turned away while workers fail at the agent is tried again, wherever the server says so [updates:bounded]', () => {
  expect(isTransient(refused(9, `9 FAILED_PRECONDITION: ${failedState}`, failedState))).toBe(true)
  // With start: the details are bytes of something else.
  expect(isTransient(refused(9, failedState, '\n9type.googleapis.com'))).toBe(true)
  expect(isTransient(refused(9, 'workflow was terminated', ''))).toBe(false)
})

test('what was tried for as long as it may be is not tried again for its cause [updates:bounded]', () => {
  // With start the SDK throws what gRPC has thrown, and that is the cause of ours.
  expect(isTransient(new PerdureError('no-worker', 'nobody has taken it', { cause: refused(9, failedState, '') }))).toBe(false)
})

test('a run that Temporal lets take no more is full, wherever the server says so [updates:bounded]', () => {
  expect(translated(refused(9, 'the limit on the total number of distinct updates in this workflow has been reached', '\n9type.googleapis.com'))).toMatchObject({ code: 'run-full' })
  expect(translated(refused(3, '3 INVALID_ARGUMENT: exceeded workflow execution limit for signal events', 'exceeded workflow execution limit for signal events'))).toMatchObject({ code: 'run-full' })
})

test('the reason for which a caller stopped stays what it is, also that of a cancelled activity [client:sdk]', () => {
  for (const reason of [new CancelledFailure('the activity was cancelled'), new Error('the page was left')]) expect(translated(reason)).toBe(reason)
})
