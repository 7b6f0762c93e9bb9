import { fileURLToPath } from 'node:url'
import { abandonable } from '../client/patiently.ts'
import { accessKeyCheck } from '../client/access-key-check.ts'
import { withoutSecrets } from '../client/key-text.ts'
import type { Config } from '../config/config.ts'
import { connect, type PerdureConnection } from '../connect.ts'
import { packageVersion } from '../operations/package-version.ts'
import { readPage } from '../server/page.ts'
import { requestRates } from '../server/request-rates.ts'
import { serve } from '../server/serve.ts'
import { untilTerminated } from '../stack/until-terminated.ts'
import { giveBackOnceAtRest } from '../threads/give-back.ts'
import { telemetryOf } from '../worker/telemetry-of.ts'
import { servedLines } from './output/served-lines.ts'

/** Agents of the Temporal server that the configuration names, over HTTP until SIGINT or SIGTERM. */
export async function serveAgents(config: Config): Promise<void> {
  const telemetry = await telemetryOf(config)
  const connection = await connect(config)
  const keys = accessKeyCheck(connection.stores.memory.accessKeys)
  const page = readPage(fileURLToPath(new URL('../page', import.meta.url)))
  try {
    const served = await serve({
      address: config.httpAddress,
      clientOf: connection.clientOf,
      keys,
      rates: requestRates(config.httpRequestsPerMinute),
      frontEndTasks: config.frontEndTasks,
      newAgents: { model: config.model.name, contextWindow: config.model.contextWindow },
      version: packageVersion(),
      ready: () => ready(connection, config),
      ...(telemetry && { observe: telemetry.observe }),
      ...(page && { page }),
      onError: (error, { method, url }) => {
        const path = withoutSecrets(new URL(url).pathname)
        if (telemetry === undefined) console.error(`${method} ${path}: ${placeOf(error)}`)
        else telemetry.log('error', 'unforeseen', { method, path, place: placeOf(error) })
      },
    })
    console.log(servedLines(served.url, (await keys.areNeeded()) ? 'with a key' : 'this machine alone, without a key'))
    giveBackOnceAtRest()
    await untilTerminated()
    await served.close()
  } finally {
    await connection.close()
    await telemetry?.close()
  }
}

const readyWithinMs = 2_000

/** @throws PerdureError, or an error of the connection; a TimeoutError where they take too long */
async function ready({ client, temporal }: PerdureConnection, { temporal: { namespace } }: Config): Promise<void> {
  const both = Promise.all([client.list({ limit: 1 }), temporal.connection.withDeadline(Date.now() + readyWithinMs, () => temporal.workflowService.describeNamespace({ namespace }))])
  await abandonable(both, AbortSignal.timeout(readyWithinMs))
}

/** Where it was thrown. Not its text, which may hold what somebody has written. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown'
  const [, ...places] = (error.stack ?? '').split('\n    at ')
  return [error.name, ...places].join('\n    at ')
}
