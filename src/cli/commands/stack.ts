import type { Command } from 'commander'
import { readConfig, type Config } from '../../config/config.ts'
import { describeConfig } from '../../config/describe.ts'
import { PerdureError } from '../../protocol/errors.ts'
import { homeFiles } from '../../stack/home.ts'
import { progressLine } from '../../stack/progress.ts'
import { ensureStack } from '../../stack/stack.ts'
import { settingsDifferences, stackSettings } from '../../stack/stack-settings.ts'
import { stackStatus } from '../../stack/stack-status.ts'
import { stopStack } from '../../stack/stop-stack.ts'
import { exitStatus } from '../output/exit-status.ts'
import { statusLines } from '../output/stack-lines.ts'

/** `stack up`, `stack down`, `stack status`: the local stack that stays until it is stopped. */
export function addStackCommands(program: Command): void {
  const stack = program.command('stack').description('the local stack: Temporal server, simulated model, worker and server over HTTP, running in the background')
  stack.command('up').description('start it, or keep the one that runs, until `stack down`').action(up)
  stack
    .command('down')
    .description('stop it, whoever uses it; its data stays')
    .option('--now', 'kill it at once: nothing confirmed is lost, what is in progress is done again later')
    .action(down)
  stack.command('status').description(`what runs, and where its state lies; exit status ${exitStatus.notFound} where none runs`).option('--json', 'for programs').action(status)
}

async function up(): Promise<void> {
  const config = readConfig(process.env)
  const { address } = config.temporal
  if (address !== undefined) {
    throw new PerdureError(
      'config-invalid',
      `TEMPORAL_ADDRESS names the server at ${address}, so there is no stack to start here: \`perdure worker\` runs a worker for that server; without TEMPORAL_ADDRESS the stack has a server of its own`,
    )
  }
  const progress = progressLine(process.stderr)
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort()
  process.once('SIGINT', interrupt)
  try {
    const stack = await ensureStack({ config, mode: 'kept', onProgress: progress.update, signal: interrupted.signal })
    progress.done()
    write([stack.joined ? 'The stack was running; it now stays until `perdure stack down`.' : 'The stack is up, until `perdure stack down`.', ...describeStack(config)])
  } catch (error) {
    progress.done()
    if (!interrupted.signal.aborted) throw error
    write(['Interrupted: what was started stops by itself.'])
    process.exitCode = exitStatus.interrupted
  } finally {
    process.off('SIGINT', interrupt)
  }
}

async function down(options: { readonly now?: true }): Promise<void> {
  const config = readConfig(process.env)
  const progress = progressLine(process.stderr)
  // The second Ctrl-C of somebody who does not want to wait.
  const hurry = () => void stopStack({ config, immediately: true })
  process.once('SIGINT', hurry)
  try {
    const stopped = await stopStack({ config, immediately: options.now === true, onProgress: progress.update })
    progress.done()
    const data = `Its data stays in ${config.home}.`
    const said = {
      stack: `The stack has stopped. ${data}`,
      orphans: `What a killed supervisor had left running has stopped. ${data}`,
      nothing: `No stack was running on ${config.home}.`,
    }
    write([said[stopped]])
  } finally {
    progress.done()
    process.off('SIGINT', hurry)
  }
}

function status(options: { readonly json?: true }): void {
  const config = readConfig(process.env)
  const found = stackStatus(config)
  if (options.json === true) write([JSON.stringify(found, undefined, 2)])
  else write(describeStack(config))
  if (!found.running) process.exitCode = exitStatus.notFound
}

function describeStack(config: Config): string[] {
  const found = stackStatus(config)
  const lines = statusLines(found, { home: config.home, logs: homeFiles(config.home).logs, now: new Date() })
  const differences = found.running ? settingsDifferences(stackSettings(config), found.state.settings) : []
  const warning = differences.length === 0 ? [] : ['', 'It was started with other settings than those here:', ...differences.map((line) => `  ${line}`)]
  return [...lines, ...warning, '', 'Configuration', ...describeConfig(config).map((line) => `  ${line}`)]
}

const write = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)
