import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

/** The bundle of the workflows as they are in `src`: made once, for many workers. */
export async function workflowCode(): Promise<string> {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url))
  return (await bundleWorkflowCode({ workflowsPath, logger: quiet })).code
}

const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: console.warn, error: console.error }

function ignore(): void {
  // What a bundler has to say while all goes well is no news for a test run.
}
