import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { abandonable } from '../../client/patiently.ts'
import { accessKeyCheck } from '../../client/access-key-check.ts'
import { withoutSecrets } from '../../client/key-text.ts'
import { readConfig, type Config } from '../../config/config.ts'
import { readyLines } from '../../config/ready-lines.ts'
import { connect, type PerdureConnection } from '../../connect.ts'
import { packageVersion } from '../../operations/package-version.ts'
import { readPage } from '../../server/page.ts'
import { requestRates } from '../../server/request-rates.ts'
import { progressLine } from '../../stack/progress.ts'
import { ensureStack, waitForHttp } from '../../stack/stack.ts'
import { untilTerminated } from '../../stack/until-terminated.ts'

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('agents over HTTP, at PERDURE_HTTP_ADDRESS, until interrupted; as many of these as the load asks for')
    .action(() => serveAgents(readConfig(process.env)))
}

/** Where no Temporal server is named the local stack serves: this command sees to it that there is one, as long as it runs. */
async function serveAgents(config: Config): Promise<void> {
  if (config.temporal.address === undefined) return serveByStack(config)
  const [{ serve }, { telemetryOf }] = await Promise.all([import('../../server/serve.ts'), import('../../worker/telemetry-of.ts')])
  const telemetry = await telemetryOf(config)
  const connection = await connect(config)
  const keys = accessKeyCheck(connection.stores.memory.accessKeys)
  const page = readPage(fileURLToPath(new URL('../../page', import.meta.url)))
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
    await untilTerminated()
    await served.close()
  } finally {
    await connection.close()
    await telemetry?.close()
  }
}

async function serveByStack(config: Config): Promise<void> {
  const progress = progressLine(process.stderr)
  const stack = await ensureStack({ config, mode: 'attached', onProgress: progress.update }).finally(() => progress.done())
  try {
    await waitForHttp(stack)
    console.log(servedLines(stack.http.url, 'with a key, or where there is none without one, by this machine alone'))
    await untilTerminated()
  } finally {
    await stack.release({ onProgress: progress.update })
    progress.done()
  }
}

const servedLines = (url: string, access: string): string =>
  `${readyLines.http}\n  page      ${url}/\n  agents    ${url}/api/v1\n  OpenAPI   ${url}/openapi.json\n  access    ${access}; \`perdure keys\` makes, lists and revokes them`

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
