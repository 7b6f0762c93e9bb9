import { expect, test } from 'vitest'
import { isTransient } from '../../src/client/patiently.ts'

/** As the SDK throws it. */
const refused = (code: number, message: string, details: string): Error => Object.assign(new Error(message), { code, details, metadata: {} })

const failedState = 'Unable to perform workflow execution update due to Workflow Task in failed state.'

test('an update that is turned away while workers fail at the agent is tried again, wherever the server says so [updates:bounded]', () => {
  expect(isTransient(refused(9, `9 FAILED_PRECONDITION: ${failedState}`, failedState))).toBe(true)
  // With start: the details are bytes of something else.
  expect(isTransient(refused(9, failedState, '\n9type.googleapis.com'))).toBe(true)
  expect(isTransient(refused(9, 'workflow was terminated', ''))).toBe(false)
})
