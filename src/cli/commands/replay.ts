import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { Client } from '@temporalio/client'
import { encryptedDataConverter } from '../../codec/data-converter.ts'
import { readConfig, type Config } from '../../config/config.ts'
import { openTemporal } from '../../connect.ts'
import { progressLine, secondsSince } from '../../stack/progress.ts'
import { agentRuns, agentsOnServer } from '../../operations/replay/agent-runs.ts'
import { readHistoryFile, type Run } from '../../operations/replay/history-file.ts'
import type { ReplayedRun } from '../../operations/replay/replay.ts'
import { runningServer } from '../../stack/running-server.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { nameOf } from '../../protocol/agent-key.ts'
import { innerId } from '../../protocol/tenant.ts'
import { agentIdOf } from '../../protocol/ids.ts'
import { exitStatus } from '../output/exit-status.ts'
import { paletteFor } from '../output/palette.ts'
import { printable } from '../output/printable.ts'
import { counted } from '../output/text.ts'

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .argument('[what...]', 'agents, or files with histories (.json, .json.gz)')
    .option('--all', 'every agent of which the server still has a run, of all tenants')
    .description(`plays histories of agents against this version's code, before it is deployed; exit status ${exitStatus.failure} if it leaves one of them`)
    .action(async (what: readonly string[], options: { readonly all?: true }) => {
      process.exitCode = await replayAll(what, options.all === true, readConfig(process.env))
    })
}

async function replayAll(what: readonly string[], all: boolean, config: Config): Promise<number> {
  if (what.length === 0 && !all) throw invalidArgument('what is to be replayed? Name agents or files, or write --all')
  const [{ DefaultLogger, Runtime }, { replay }] = await Promise.all([import('@temporalio/worker'), import('../../operations/replay/replay.ts')])
  // A replay that fails is our result, told in words; what Temporal's own log says of it is of no use beside that.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), telemetryOptions: { logging: { filter: 'OFF' } } })
  const files = what.filter(isFile)
  const agents = what.filter((name) => !isFile(name)).map((name) => innerId(config.tenant, name))
  const temporal = agents.length > 0 || all ? await openTemporal(config, runningServer(config)) : undefined
  const progress = progressLine(process.stderr)
  const startedAt = performance.now()
  try {
    const runs = runsOf({ files, agents, all, temporal, onAgent: (done, of) => progress.update(`replayed ${done} of ${counted(of, 'agent')}`, secondsSince(startedAt)) })
    const tally = newTally()
    const palette = paletteFor(process.stdout)
    for await (const run of replay(runs, { dataConverter: encryptedDataConverter(config.encryption) })) {
      progress.done()
      const line = runLine(run)
      process.stdout.write(`${run.departure === undefined ? line : palette.red(line)}\n`)
      tally.add(run)
    }
    progress.done()
    process.stdout.write(`${tally.text()}\n`)
    return tally.left === 0 ? exitStatus.ok : exitStatus.failure
  } finally {
    await temporal?.connection.close()
  }
}

const isFile = (name: string): boolean => /\.json(\.gz)?$/.test(name) || name.includes('/') || existsSync(name)

async function* runsOf(options: {
  readonly files: readonly string[]
  readonly agents: readonly string[]
  readonly all: boolean
  readonly temporal: Client | undefined
  readonly onAgent: (done: number, of: number) => void
}): AsyncGenerator<Run> {
  const { files, agents, all, temporal, onAgent } = options
  for (const file of files) yield* readHistoryFile(file)
  if (temporal === undefined) return
  const named = new Set(agents)
  const wanted = all ? new Set([...named, ...(await agentsOnServer(temporal))]) : named
  let done = 0
  for (const agentId of wanted) {
    let found = false
    for await (const run of agentRuns(temporal, agentId)) {
      found = true
      yield run
    }
    if (!found && named.has(agentId)) throw new PerdureError('agent-unknown', `the server has no history of an agent ${JSON.stringify(nameOf(agentId))}; \`perdure agents\` lists them`)
    if (all) onAgent(++done, wanted.size)
  }
}

/** Scripts may rely on the first word. */
function runLine({ workflowId, runId, file, events, departure }: ReplayedRun): string {
  const name = `${printable(agentIdOf(workflowId))}  run ${runId}${file === undefined ? '' : `  ${printable(file)}`}`
  if (departure === undefined) return `ok      ${name}  ${counted(events, 'event')}`
  const where = departure.eventId === undefined ? '' : `at event ${departure.eventId} of ${events}: `
  return `leaves  ${name}  ${where}${printable(departure.why)}`
}

interface Tally {
  /** Runs that the code leaves. */
  readonly left: number
  add(run: ReplayedRun): void
  text(): string
}

function newTally(): Tally {
  const agents = new Set<string>()
  let runs = 0
  let events = 0
  let left = 0
  return {
    get left() {
      return left
    },
    add: (run) => {
      agents.add(run.workflowId)
      runs += 1
      events += run.events
      if (run.departure !== undefined) left += 1
    },
    text: () => {
      const played = `${counted(runs, 'run')} of ${counted(agents.size, 'agent')}, ${counted(events, 'event')}`
      if (runs === 0) return 'There was nothing to replay.'
      if (left === 0) return `${played}: ${runs === 1 ? 'it replays' : 'all replay'}.`
      return `${played}: this version leaves ${left} of them. Deployed, it would stop these agents; docs/contributing.md says how to change the loop so that it does not.`
    },
  }
}
