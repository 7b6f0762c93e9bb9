import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

// A worker that is started often should not bundle each time: the build does it once.
const path = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))
const quiet = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error }
const { code } = await bundleWorkflowCode({ workflowsPath: path('workflows/index.js'), logger: quiet })
writeFileSync(path('workflow-bundle.js'), code)
