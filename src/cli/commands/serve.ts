import type { Command } from 'commander'
import { readConfig, type Config } from '../../config/config.ts'
import { progressLine } from '../../stack/progress.ts'
import { ensureStack, waitForHttp } from '../../stack/stack.ts'
import { untilTerminated } from '../../stack/until-terminated.ts'
import { servedLines } from '../output/served-lines.ts'

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('agents over HTTP, at PERDURE_HTTP_ADDRESS, until interrupted; as many of these as the load asks for')
    .action(async () => {
      const config = readConfig(process.env)
      if (config.temporal.address === undefined) await serveByStack(config)
      else await (await import('../serve-agents.ts')).serveAgents(config)
    })
}

/** Where no Temporal server is named the local stack serves: this command sees to it that there is one, as long as it runs. */
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
