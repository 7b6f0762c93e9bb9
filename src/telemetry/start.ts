import { DefaultLogger, Runtime, type LogLevel } from '@temporalio/worker'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import type { Observe } from '../protocol/observation.ts'
import { fieldsOf, jsonLog, logObservation, mostCharacters, type Level, type Log } from './json-log.ts'
import { histogramBounds, meteredObserver } from './metrics.ts'
import { freeAddress } from './free-address.ts'
import { startTraces, tracesWanted } from './traces.ts'

export interface TelemetryOptions {
  /** `host:port` for Prometheus; where it is taken, the next free port of the next hundred. */
  readonly metricsAddress: string
  readonly logLevel: Level
  /** Where OpenTelemetry's variables are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** Where log lines go. Default: stderr. */
  readonly write?: (line: string) => void
}

export interface RunningTelemetry {
  /** For `createWorker`, and for a server over HTTP. */
  readonly observe: Observe
  readonly log: Log
  /** Where the metrics are: `http://` before it, `/metrics` behind it. */
  readonly metricsAddress: string
  /** Sends the spans that are left. The metrics end with the process. */
  close(): Promise<void>
}

/**
 * Logs, metrics and traces of this process's workers, or server. Installs Temporal's runtime, so it has to come before the first connection
 * of a worker, and once in a process.
 * @throws PerdureError `port-busy` where no port for the metrics can be had
 */
export async function startTelemetry(options: TelemetryOptions): Promise<RunningTelemetry> {
  const log = jsonLog({ level: options.logLevel, write: options.write ?? ((line) => process.stderr.write(line)) })
  const metricsAddress = await freeAddress(options.metricsAddress)
  installRuntime(options, metricsAddress, log)
  if (portOf(metricsAddress) !== portOf(options.metricsAddress)) log('warn', 'the address for metrics is taken; the next free one is used', { wanted: options.metricsAddress, address: metricsAddress })
  log('info', 'metrics are served', { address: metricsAddress })
  const metered = meteredObserver(Runtime.instance().metricMeter)
  const traces = tracesWanted(options.environment) ? await startTraces({ version: options.version, warn: (message) => log('warn', message) }) : undefined
  if (traces !== undefined) log('info', 'traces are sent')
  return {
    log,
    metricsAddress,
    observe: (observation) => {
      logObservation(log, observation)
      metered(observation)
      traces?.observe(observation)
    },
    close: async () => traces?.close(),
  }
}

const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1)

function installRuntime({ logLevel }: TelemetryOptions, bindAddress: string, log: Log): void {
  const level = logLevel.toUpperCase() as LogLevel
  const logger = new DefaultLogger(level, ({ level: of, message, meta, timestampNanos }) => {
    log(levels[of], message.slice(0, mostCharacters), fieldsOf(meta), Number(timestampNanos / 1_000_000n))
  })
  try {
    Runtime.install({
      logger,
      telemetryOptions: {
        // Native code's own lines: what it says below WARN is of use to its developers.
        logging: { filter: { core: level === 'DEBUG' ? 'DEBUG' : 'WARN', other: 'ERROR' }, forward: {} },
        metrics: { prometheus: { bindAddress, countersTotalSuffix: true, useSecondsForDurations: true, unitSuffix: true, histogramBucketOverrides: histogramBounds } },
      },
    })
  } catch (error) {
    throw new PerdureError('port-busy', `the metrics can't be served at ${bindAddress}: ${messageOf(error)}; set PERDURE_METRICS_ADDRESS to an address of this machine`, { cause: error })
  }
}

const levels: Readonly<Record<LogLevel, Level>> = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' }
