import type { TestProject } from 'vitest/node'
import { startTemporal } from '../servers/temporal.ts'
import { workflowCode } from './workflow-code.ts'

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
  const [temporal, code] = await Promise.all([startTemporal(), workflowCode()])
  console.log(`Temporal: ${temporal.source}, ${temporal.address}`)
  project.provide('temporalAddress', temporal.address)
  project.provide('temporalNamespace', temporal.namespace)
  project.provide('workflowCode', code)
  project.provide('storeServers', undefined)
  return () => temporal.stop()
}
