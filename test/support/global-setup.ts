import { bundleWorkflowCode } from '@temporalio/worker'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { startTemporal } from '../servers/temporal.ts'

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string
    temporalNamespace: string
    workflowCode: string
    /** Where the servers are whose stores the tests use; absent: embedded stores. `unavailable` says why there are none. */
    storeServers: { readonly mongodbUri: string; readonly qdrantUrl: string } | { readonly unavailable: string } | undefined
  }
}

/** One Temporal server and one bundle for the whole run; tests tell their agents apart by task queue. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temporal = await startTemporal()
  console.log(`Temporal: ${temporal.source}, ${temporal.address}`)
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url))
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: quiet })
  project.provide('temporalAddress', temporal.address)
  project.provide('temporalNamespace', temporal.namespace)
  project.provide('workflowCode', code)
  project.provide('storeServers', undefined)
  return () => temporal.stop()
}

const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: console.warn, error: console.error }

function ignore(): void {
  // What a bundler has to say while all goes well is no news for a test run.
}
