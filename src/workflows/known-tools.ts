import { proxyLocalActivities } from '@temporalio/workflow'
import type { KnownToolsActivities, KnownToolsInput } from '../protocol/known-tools.ts'

const { checkTools } = proxyLocalActivities<KnownToolsActivities>({ startToCloseTimeout: '1 second' })

/** Answers for the worker that takes it. */
export async function knownTools(input: KnownToolsInput): Promise<{ readonly problem?: string }> {
  return checkTools(input)
}
