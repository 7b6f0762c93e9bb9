import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { bundleNames } from '../src/worker/workflow-source.ts'

// A worker that is started often should not bundle each time: the build does it once.
const path = (name: string): string => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))
const quiet = { log: () => undefined, trace: () => undefined, debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error }
const converters = { plain: {}, encrypted: { failureConverterPath: path('codec/failure-converter.js') } }
for (const kind of ['plain', 'encrypted'] as const) {
  const { code } = await bundleWorkflowCode({ workflowsPath: path('workflows/index.js'), payloadConverterPath: path('codec/sandbox-converter.js'), logger: quiet, ...converters[kind] })
  writeFileSync(path(bundleNames[kind]), code)
}
