/** A worker as a process of its own, to be killed: what `perdure worker` starts, with the tools of these tests beside the built-in ones. */
import './shifted-clock.ts'
import { NativeConnection } from '@temporalio/worker'
import { readConfig } from '../../../src/config/config.ts'
import { readyLines } from '../../../src/config/ready-lines.ts'
import { openStores } from '../../../src/stores/open.ts'
import { createWorker } from '../../../src/worker/create-worker.ts'
import { openModel } from '../../../src/worker/open-model.ts'
import { effectTools } from './effect-tools.ts'

// The test's end closes this pipe, however it ends; no worker is left behind.
process.stdin.resume().on('end', () => process.exit())

const [codePath = '', effectsFile = ''] = process.argv.slice(2)
const config = readConfig(process.env)
const { temporal, taskQueue, stores: storesConfig, faults, deployment } = config
const { model, embedder } = await openModel(config)

const worker = await createWorker({
  connection: await NativeConnection.connect({ address: temporal.address ?? '' }),
  namespace: temporal.namespace,
  taskQueue,
  stores: await openStores(storesConfig),
  model,
  embedder,
  tools: effectTools(effectsFile),
  faults,
  ...(deployment && { deployment }),
  workflowBundle: { codePath },
})
const running = worker.run()
console.log(readyLines.worker)
await running
