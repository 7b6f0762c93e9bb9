import { readConfig } from '../../src/config/config.ts'
import { progressLine } from '../../src/stack/progress.ts'
import { freePort } from '../../src/stack/ports.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { waitForTemporal } from '../../src/stack/temporal/temporal-ready.ts'
import { ensureSearchAttributes } from '../../src/worker/search-attributes.ts'
import { findTemporalCli } from '../../src/stack/temporal/temporal-cli.ts'
import { localHost, serverArguments } from '../../src/stack/temporal/temporal-server.ts'
import { startChild, type Child } from './child.ts'

export interface TemporalOptions {
  /** Keeps everything in this file; otherwise in memory. Always a server of the test's own. */
  readonly dbFile?: string
  readonly ports?: { readonly port: number; readonly uiPort?: number }
  /** A server of the test's own even where TEMPORAL_ADDRESS names one: for tests that stop or kill it. */
  readonly own?: boolean
  /** Of Temporal's dynamic configuration, as `name=value`. Always a server of the test's own. */
  readonly dynamicConfig?: readonly string[]
}

export interface TestTemporal {
  readonly address: string
  readonly namespace: string
  readonly uiUrl?: string
  /** What was taken, for a person. */
  readonly source: string
  /** Undefined where TEMPORAL_ADDRESS names the server, which then can't be killed or restarted. */
  readonly pid: number | undefined
  /** SIGKILL; done when it has ended. */
  kill(): Promise<void>
  /** Stops it where it is, as a server that hangs; `resume` lets it go on. */
  pause(): void
  resume(): void
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
  if (temporal.address !== undefined && options.dbFile === undefined && options.ports === undefined && options.dynamicConfig === undefined && options.own !== true) {
    return givenServer({ ...temporal, address: temporal.address })
  }
  return ownServer(options)
}

async function givenServer(target: { readonly address: string; readonly namespace: string }): Promise<TestTemporal> {
  await waitForTemporal(target, { timeoutMs: 10_000 })
  const connection = await connectTemporal(target)
  await ensureSearchAttributes(connection, target.namespace).finally(() => connection.close())
  const refuse = () => {
    throw new Error('the server at TEMPORAL_ADDRESS is not ours to end; start one with `own: true`')
  }
  const { address, namespace } = target
  const none = { kill: refuse, pause: refuse, resume: refuse, restart: refuse, stop: () => Promise.resolve() }
  return { address, namespace, source: 'TEMPORAL_ADDRESS', pid: undefined, ...none }
}

async function ownServer(options: TemporalOptions): Promise<TestTemporal> {
  const cli = await findTemporalCli({ env: process.env, onProgress: progressLine(process.stderr).update })
  const namespace = 'default'
  const port = options.ports?.port ?? (await freePort())
  const uiPort = options.ports?.uiPort
  const address = `${localHost}:${port}`
  const args = [...serverArguments({
    port,
    namespace,
    ...(uiPort === undefined ? {} : { uiPort }),
    ...(options.dbFile === undefined ? {} : { databaseFile: options.dbFile }),
  }), ...(options.dynamicConfig ?? []).flatMap((setting) => ['--dynamic-config-value', setting])]
  let running: Child | undefined
  const start = async () => {
    running = await startChild({ command: cli.path, arguments: args, port, timeoutMs: 30_000 })
    await waitForTemporal({ address, namespace }, { timeoutMs: 30_000 })
  }
  const end = async (how: 'stop' | 'kill') => {
    const child = running
    running = undefined
    await child?.[how]()
  }
  const send = (signal: NodeJS.Signals) => {
    if (running !== undefined) process.kill(running.pid, signal)
  }
  await start()
  return {
    address,
    namespace,
    ...(uiPort === undefined ? {} : { uiUrl: `http://${localHost}:${uiPort}` }),
    source: cli.source,
    get pid() {
      return running?.pid
    },
    kill: () => end('kill'),
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    restart: async () => {
      await end('stop')
      await start()
    },
    stop: () => end('stop'),
  }
}
