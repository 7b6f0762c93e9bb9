import { basename, dirname, join } from 'node:path'
import type { Config } from '../config/config.ts'
import { environmentOf } from '../config/environment.ts'
import { addressOf, takenAddress, type HostAndPort } from '../http/listen-at.ts'
import { homeFiles } from './home.ts'
import type { ChildSpec } from './kept-child.ts'
import { nodeArgumentsFor } from './own-script.ts'
import { isTaken } from './ports.ts'
import { waitForLine } from './log-file.ts'
import { readyLines } from '../config/ready-lines.ts'
import { waitForOwnServer } from './temporal/own-server-ready.ts'
import { localHost, serverArguments } from './temporal/temporal-server.ts'

/** The script with the commands `worker`, `serve` and `simulated-model`, as arguments of Node. Another one in tests. */
export const standardEntry = (): readonly string[] => nodeArgumentsFor('../cli/main')

/** What versions of the server say when they listen. */
const listening = ['Temporal Server:', 'Server:']
/** How long after its start a server may take to find that its port is taken. */
const listensWithinMs = 3_000

export function temporalChild(config: Config, server: { readonly path: string; readonly port: number; readonly uiPort: number }): ChildSpec {
  const files = homeFiles(config.home)
  const { namespace } = config.temporal
  const logFile = join(files.logs, 'temporal.log')
  return {
    name: 'temporal',
    command: server.path,
    args: serverArguments({ port: server.port, uiPort: server.uiPort, namespace, databaseFile: basename(files.temporalDatabase) }),
    // The server reads signs of a path as those of an address: it gets the file's bare name.
    folder: dirname(files.temporalDatabase),
    env: { ...process.env, ...environmentOf(config), ...withoutSecrets },
    logFile,
    ready: async (run) => {
      await waitForOwnServer({ address: `${localHost}:${server.port}`, namespace }, { timeoutMs: 30_000, signal: run.signal })
      // A server that is not ours may have taken the port meanwhile and be the one that answered. Ours does not say that it listens then, and ends. A
      // version that says it in other words has lived long enough after a while.
      const lived = new AbortController()
      const timer = setTimeout(() => lived.abort(), listensWithinMs)
      await waitForLine(logFile, listening, { ...run, signal: AbortSignal.any([run.signal, lived.signal]) })
        .catch(() => run.signal.throwIfAborted())
        .finally(() => clearTimeout(timer))
    },
    readyWithinMs: 35_000,
    endWithinMs: 10_000,
  }
}

export function modelChild(config: Config, port: number, entry: readonly string[]): ChildSpec {
  const logFile = join(homeFiles(config.home).logs, 'model.log')
  return {
    name: 'model',
    command: process.execPath,
    args: [...entry, 'simulated-model', '--port', String(port)],
    env: { ...process.env, ...environmentOf(config), ...withoutSecrets },
    logFile,
    ready: (run) => waitForLine(logFile, readyLines.model, run),
    readyWithinMs: 30_000,
    endWithinMs: 2_000,
  }
}

/**
 * Frames of a stack trace in workflows. The SDK makes a trace for each promise there, in case somebody asks what a workflow waits for, and looks up
 * each frame's place in the sources; it has no option for that, and lets no workflow set the limit.
 */
const framesInWorkflows = 4

export function workerChild(config: Config, found: { readonly temporalAddress: string; readonly modelUrl?: string }, entry: readonly string[]): ChildSpec {
  const logFile = join(homeFiles(config.home).logs, 'worker.log')
  return {
    name: 'worker',
    command: process.execPath,
    args: [`--stack-trace-limit=${framesInWorkflows}`, ...entry, 'worker'],
    env: {
      ...environmentOfClient(config, found.temporalAddress),
      ...(found.modelUrl === undefined ? {} : { OPENAI_BASE_URL: found.modelUrl, OPENAI_API_KEY: undefined }),
    },
    logFile,
    ready: (run) => waitForLine(logFile, readyLines.worker, run),
    readyWithinMs: 60_000,
    endWithinMs: 15_000,
  }
}

/** Agents over HTTP: a client of what the others are. Where its address is taken, the stack goes on without it until it is free. */
export function httpChild(config: Config, at: HostAndPort, temporal: { readonly address: string; readonly uiUrl?: string | undefined }, entry: readonly string[]): ChildSpec {
  const logFile = join(homeFiles(config.home).logs, 'http.log')
  const address = addressOf(at)
  return {
    name: 'http',
    command: process.execPath,
    args: [...entry, 'serve'],
    env: { ...environmentOfClient(config, temporal.address), PERDURE_HTTP_ADDRESS: address, PERDURE_UI_URL: temporal.uiUrl },
    logFile,
    obstacle: async () => ((await isTaken(at)) ? takenAddress(address, 'PERDURE_HTTP_ADDRESS') : undefined),
    ready: (run) => waitForLine(logFile, readyLines.http, run),
    readyWithinMs: 60_000,
    // It tells those who wait first.
    endWithinMs: 12_000,
  }
}

/** For a process that has to do with agents. What says how Temporal's server is started is not for it: it gets the server's address. */
function environmentOfClient(config: Config, temporalAddress: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...environmentOf(config),
    PERDURE_TEMPORAL_PORT: undefined,
    PERDURE_UI_PORT: undefined,
    PERDURE_TEMPORAL_CLI: undefined,
    PERDURE_CODEC_TOKENS: undefined,
    TEMPORAL_ADDRESS: temporalAddress,
  }
}

/** A process that needs no key gets none. */
const withoutSecrets = {
  PERDURE_ENCRYPTION_KEYS: undefined,
  PERDURE_CODEC_TOKENS: undefined,
  TEMPORAL_API_KEY: undefined,
  MONGODB_URI: undefined,
  QDRANT_URL: undefined,
  QDRANT_API_KEY: undefined,
  OPENAI_API_KEY: undefined,
  OPENAI_BASE_URL: undefined,
  PERDURE_EMBEDDING_API_KEY: undefined,
  PERDURE_EMBEDDING_BASE_URL: undefined,
}
