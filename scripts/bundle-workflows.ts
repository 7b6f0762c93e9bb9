import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleNames } from '../src/worker/workflow-source.ts'
import { readyBundle } from './ready-bundle.ts'

// A worker that is started often should not bundle each time: the build does it once.
const folder = fileURLToPath(new URL('../dist', import.meta.url))
for (const kind of ['plain', 'encrypted'] as const) writeFileSync(`${folder}/${bundleNames[kind]}`, await readyBundle(kind, folder, 'js'))
