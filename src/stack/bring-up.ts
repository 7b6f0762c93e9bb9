import type { Config } from '../config/config.ts'
import { addressOf, hostAndPort } from '../http/listen-at.ts'
import { PerdureError } from '../protocol/errors.ts'
import { holdPort } from './held-ports.ts'
import { keepRunning, type ChildSpec, type KeptChild } from './kept-child.ts'
import { choosePort } from './ports.ts'
import { whileReporting, type OnProgress } from './progress.ts'
import { httpChild, modelChild, temporalChild, workerChild } from './stack-children.ts'
import type { StackState } from './stack-state.ts'
import { findTemporalCli } from './temporal/temporal-cli.ts'
import { localHost } from './temporal/temporal-server.ts'

export interface BringUpOptions {
  readonly config: Config
  readonly entry: readonly string[]
  /** Ports of the last time. */
  readonly ports: StackState['ports']
  /** Aborted: stop bringing up. What runs by then is in `children`. */
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
  readonly onPorts: (ports: StackState['ports']) => void
  /** Told of every start, end and readiness of a child. */
  readonly onChange: (note: string) => void
  /** Filled in the order of starting. */
  readonly children: KeptChild[]
}

export interface BroughtUp {
  readonly temporal: NonNullable<StackState['temporal']>
  readonly modelUrl?: string
  readonly httpUrl: string
}

const usualPort = 7233
const usualUiPort = 8233

/** Starts what the configuration asks for and waits until all of it serves that agents need: the server over HTTP may come later. */
export async function bringUp(options: BringUpOptions): Promise<BroughtUp> {
  const { config, signal, onProgress } = options
  let ports = options.ports
  const choose = async (name: keyof StackState['ports'], wanted: Omit<Parameters<typeof choosePort>[0], 'taken' | 'held'>) => {
    const taken = Object.entries(ports).flatMap(([other, port]) => (other === name || port === undefined ? [] : [port]))
    const port = await holdPort({ env: process.env, home: config.home, signal }, (held) =>
      choosePort({ ...wanted, preferred: [ports[name], ...wanted.preferred], taken, held }),
    )
    ports = { ...ports, [name]: port }
    options.onPorts(ports)
    return port
  }
  const start = (spec: ChildSpec): KeptChild => {
    signal.throwIfAborted()
    const child = keepRunning(spec, options.onChange)
    options.children.push(child)
    return child
  }
  const ready = (what: string, child: KeptChild) => whileReporting(what, onProgress, () => Promise.race([child.firstReady, rejectedBy(signal)]))

  let modelUrl: string | undefined
  let model: KeptChild | undefined
  if (config.model.kind === 'simulated') {
    const port = await choose('model', { preferred: [] })
    modelUrl = `http://${localHost}:${port}/v1`
    model = start(modelChild(config, port, options.entry))
  }

  const { temporal } = config
  let found: BroughtUp['temporal']
  if (temporal.address === undefined) {
    const cli = await findTemporalCli({ env: process.env, onProgress, signal, given: temporal.cli })
    const port = await choose('temporal', { asked: asked(temporal.port, 'PERDURE_TEMPORAL_PORT'), preferred: [usualPort] })
    const uiPort = await choose('ui', { asked: asked(temporal.uiPort, 'PERDURE_UI_PORT'), preferred: [usualUiPort] })
    const server = start(temporalChild(config, { path: cli.path, port, uiPort }))
    await ready('starting the Temporal server', server)
    found = { address: `${localHost}:${port}`, namespace: temporal.namespace, uiUrl: temporal.uiUrl ?? `http://${localHost}:${uiPort}` }
  } else {
    const target = { ...temporal, address: temporal.address }
    const { waitForTemporal } = await import('./temporal/temporal-ready.ts')
    await whileReporting(`waiting for the Temporal server at ${target.address}`, onProgress, () => waitForTemporal(target, { timeoutMs: 10_000, signal }))
    found = { address: target.address, namespace: temporal.namespace, ...(temporal.uiUrl === undefined ? {} : { uiUrl: temporal.uiUrl }) }
  }

  if (model !== undefined) await ready('starting the simulated model', model)
  const reachable = { temporalAddress: found.address, ...(modelUrl === undefined ? {} : { modelUrl }) }
  await ready('starting the worker', start(workerChild(config, reachable, options.entry)))

  const { host, port } = hostAndPort(config.httpAddress)
  const at = { host, port: port === 0 ? await choose('http', { preferred: [] }) : port }
  await start(httpChild(config, at, found, options.entry)).tried
  return { temporal: found, httpUrl: `http://${addressOf(at)}`, ...(modelUrl === undefined ? {} : { modelUrl }) }
}

function asked(port: number | undefined, variable: string): { port: number; variable: string } | undefined {
  return port === undefined ? undefined : { port, variable }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new PerdureError('server-unavailable', 'the stack was stopped while it started'))
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}
