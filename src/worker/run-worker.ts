import { encryptedDataConverter } from '../codec/data-converter.ts'
import type { Config } from '../config/config.ts'
import { describeConfig } from '../config/describe.ts'
import { openStores } from '../stores/open.ts'
import { connectNatively } from './connect-natively.ts'
import { createWorker } from './create-worker.ts'
import { giveBackOnceAtRest } from '../threads/give-back.ts'
import { openModel } from './open-model.ts'
import { telemetryOf } from './telemetry-of.ts'
import { readyLines } from '../config/ready-lines.ts'

/** V8's own. */
const usualFrames = 10

/** Runs until SIGINT or SIGTERM; what is in progress then is taken over by another worker, or by the next one. */
export async function runWorker(config: Config): Promise<void> {
  // The stack starts workers with few frames, for the sake of their workflows; in this thread errors have as many as ever.
  Error.stackTraceLimit = usualFrames
  const { namespace } = config.temporal
  // First of all: with the first connection the SDK's runtime is there, and takes no other settings.
  const telemetry = await telemetryOf(config)
  const connection = await connectNatively(config.temporal).catch(async (error: unknown) => {
    await telemetry?.close()
    throw error
  })
  const stores = await openStores(config.stores)
  const { model, embedder, close } = await openModel(config)
  try {
    const worker = await createWorker({
      connection,
      namespace,
      taskQueue: config.taskQueue,
      stores,
      dataConverter: encryptedDataConverter(config.encryption),
      model,
      embedder,
      cachedAgents: config.cachedAgents,
      uiText: config.uiText,
      stream: config.model.stream,
      prices: config.prices,
      ...(telemetry && { observe: telemetry.observe }),
      ...(config.deployment && { deployment: config.deployment }),
      faults: config.faults,
    })
    for (const line of describeConfig(config)) console.log(line)
    if (stores.notice !== undefined) console.log(stores.notice)
    const build = worker.options.workerDeploymentOptions?.version.buildId
    if (build !== undefined) console.log(`This is build ${build}: it gets work once that is current, by \`perdure deploy current ${build}\`.`)
    const running = worker.run()
    console.log(readyLines.worker)
    giveBackOnceAtRest()
    await running
  } finally {
    await close()
    await stores.close()
    await connection.close()
    await telemetry?.close()
  }
}
