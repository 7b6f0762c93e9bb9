import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readConfig } from '../../src/config.ts'
import { freePort } from '../../src/local/ports.ts'
import { lastLines } from '../../src/local/run-command.ts'
import { connectTemporal, waitForTemporal } from '../../src/local/temporal-ready.ts'
import { ensureSearchAttributes } from '../../src/local/search-attributes.ts'
import { findTemporalCli } from '../../src/local/temporal-cli.ts'
import { localHost, serverArguments } from '../../src/local/temporal-server.ts'
import { PerdureError } from '../../src/protocol/errors.ts'
import { endWithUs } from './end-with-us.ts'

export interface TemporalOptions {
  /** Keeps everything in this file; otherwise in memory. Always a server of the test's own. */
  readonly dbFile?: string
  readonly ports?: { readonly port: number; readonly uiPort?: number }
  /** A server of the test's own even where TEMPORAL_ADDRESS names one: for tests that stop or kill it. */
  readonly own?: boolean
}

export interface TestTemporal {
  readonly address: string
  readonly namespace: string
  readonly uiUrl?: string
  /** What was taken, for a person. */
  readonly source: string
  /** Undefined where TEMPORAL_ADDRESS names the server, which then can't be killed or restarted. */
  readonly pid: number | undefined
  /** Sends the signal; for one that ends the process, waits until it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Starts it again, on the same ports and file. Ends it first if it runs. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/**
 * A Temporal server for tests: TEMPORAL_ADDRESS if set, else one of the test's own, set up like the one of a local stack.
 * It ends with the test process.
 */
export async function startTemporal(options: TemporalOptions = {}): Promise<TestTemporal> {
  const { temporal } = readConfig({ TEMPORAL_ADDRESS: process.env.TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: process.env.TEMPORAL_NAMESPACE })
  if (temporal.address !== undefined && options.dbFile === undefined && options.ports === undefined && options.own !== true) {
    return givenServer({ ...temporal, address: temporal.address })
  }
  return ownServer(options)
}

async function givenServer(target: { readonly address: string; readonly namespace: string }): Promise<TestTemporal> {
  await waitForTemporal(target, { timeoutMs: 10_000 })
  const connection = await connectTemporal(target)
  await ensureSearchAttributes(connection, target.namespace).finally(() => connection.close())
  const refuse = () => Promise.reject(new Error('the server at TEMPORAL_ADDRESS is not ours to end; start with `own: true`'))
  return { ...target, source: 'TEMPORAL_ADDRESS', pid: undefined, kill: refuse, restart: refuse, stop: () => Promise.resolve() }
}

async function ownServer(options: TemporalOptions): Promise<TestTemporal> {
  const cli = await findTemporalCli({ env: process.env, onProgress: (what, seconds) => seconds % 15 === 0 && process.stderr.write(`${what} (${seconds} s)\n`) })
  const namespace = 'default'
  const port = options.ports?.port ?? (await freePort())
  const uiPort = options.ports?.uiPort
  const address = `${localHost}:${port}`
  const args = serverArguments({
    port,
    namespace,
    ...(uiPort === undefined ? {} : { uiPort }),
    ...(options.dbFile === undefined ? {} : { databaseFile: options.dbFile }),
  })
  let running: Running | undefined

  const start = async () => {
    running = run(cli.path, args)
    await Promise.race([waitForTemporal({ address, namespace }, { timeoutMs: 30_000 }), running.failed])
    running.isReady()
  }
  const end = async (signal: NodeJS.Signals) => {
    await running?.end(signal)
    running = undefined
  }
  await start()
  return {
    address,
    namespace,
    ...(uiPort === undefined ? {} : { uiUrl: `http://${localHost}:${uiPort}` }),
    source: cli.source,
    get pid() {
      return running?.child.pid
    },
    kill: async (signal) => {
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') running?.child.kill(signal)
      else await end(signal)
    },
    restart: async () => {
      await end('SIGTERM')
      await start()
    },
    stop: () => end('SIGTERM'),
  }
}

interface Running {
  readonly child: ChildProcess
  /** Rejects when it ends before `isReady`. */
  readonly failed: Promise<never>
  isReady(): void
  end(signal: NodeJS.Signals): Promise<void>
}

function run(path: string, args: readonly string[]): Running {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4_000)))
  let ready = false
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => {
      if (!ready) reject(new PerdureError('server-unavailable', `the Temporal server ended at once:\n${lastLines(output, 5)}`))
    })
  })
  const callOff = child.pid === undefined ? () => undefined : endWithUs(child.pid)
  return {
    child,
    failed,
    isReady: () => (ready = true),
    end: async (signal) => {
      callOff()
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}
