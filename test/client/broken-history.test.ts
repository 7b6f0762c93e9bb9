import proto from '@temporalio/proto'
import { describe, expect, test } from 'vitest'
import { isGivenUp } from '../../src/client/broken-history.ts'

const { WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR: nondeterministic, WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE: unhandled } =
  proto.temporal.api.enums.v1.WorkflowTaskFailedCause

const failed = (cause: number, message: string) => ({ workflowTaskFailedEventAttributes: { cause, failure: { message } } })
const timedOut = { workflowTaskTimedOutEventAttributes: {} }
const another = {}

describe('a history is given up after three tries in vain', () => {
  test.each([
    ['its cause', nondeterministic, ''],
    ['the words of a machine that finds another command', unhandled, '[TMPRL1100] Nondeterminism error: No command scheduled for event'],
    ['the words of a machine that is in no state for an event', unhandled, 'Fatal error in workflow machines: History is out of order. Last processed event: 7, event id: 9'],
    ['the words of a workflow that never asked for what has ended', unhandled, 'No completion for taskSeq 4'],
  ])('where the SDK says by %s that it can not replay it [recover:from-stores history:replay]', (_, cause, message) => {
    expect([2, 3].map((tries) => isGivenUp(tries, [another, failed(cause, message), timedOut]))).toEqual([false, true])
  })

  test.each(['a payload is encrypted under the key "k2"', 'the state is of a later version', 'Cannot read properties of undefined'])(
    'but not where our code failed, which a mended worker takes again: %s [recover:from-stores]',
    (message) => {
      expect([3, 6, 100].some((tries) => isGivenUp(tries, [failed(unhandled, message)]))).toBe(false)
    },
  )
})

test('a history is given up after six tries that all timed out, as then no worker says why [recover:from-stores]', () => {
  expect([3, 5, 6].map((tries) => isGivenUp(tries, [another, timedOut]))).toEqual([false, false, true])
  expect(isGivenUp(6, [another])).toBe(false)
})
