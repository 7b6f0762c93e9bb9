import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import { logTail, openLog, sizeOf } from './log-file.ts'
import { identityOf } from './process-identity.ts'
import { titleOf, type StackChild } from './stack-state.ts'

export interface ChildSpec {
  readonly name: StackChild['name']
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Folder in which it runs. Default: this process's. */
  readonly folder?: string
  readonly logFile: string
  /** Why it can't be started now, if so: it is asked before each start, and again later. */
  obstacle?(): Promise<string | undefined>
  /** Resolves when it serves. `logFrom`: where in the log this run's output begins. */
  ready(run: { readonly logFrom: number; readonly signal: AbortSignal }): Promise<void>
  /** How long `ready` may take before the run counts as failed. */
  readonly readyWithinMs: number
  /** How long it may take to end after SIGTERM, before SIGKILL. */
  readonly endWithinMs: number
}

export interface KeptChild {
  readonly spec: ChildSpec
  /** Done when it was started for the first time, or was found not to be startable. */
  readonly tried: Promise<void>
  /** Done when it served for the first time. @throws PerdureError `server-unavailable` when it never comes to that */
  readonly firstReady: Promise<void>
  state(): StackChild
  /** Ends it for good: asked first, then killed. */
  stop(): Promise<void>
  /** Ends it for good, at once. Synchronous, for the last moment of a process. */
  killNow(): void
}

const firstDelayMs = 200
const longestDelayMs = 10_000
/** A run as long as this was a good one: the next end is followed by a quick start again. */
const steadyAfterMs = 30_000
/** A child that has ended this often and never served is set up wrongly, so it is given up. */
const startsBeforeGivingUp = 3

/** Runs a program and starts it again whenever it ends, waiting longer each time. `onChange` is told of every step. */
export function keepRunning(spec: ChildSpec, onChange: (note: string) => void): KeptChild {
  const stopping = new AbortController()
  const isStopping = (): boolean => stopping.signal.aborted
  const first = promiseWithResolvers()
  const tried = promiseWithResolvers()
  let child: ChildProcess | undefined
  let state: StackChild = { name: spec.name, ready: false, restarts: 0 }
  let everReady = false

  const change = (next: Partial<StackChild>, note: string) => {
    state = { ...state, ...next }
    onChange(`${spec.name} ${note}`)
  }
  const giveUp = (why: string, logFrom: number) => {
    const tail = logTail(spec.logFile, logFrom)
    first.reject(new PerdureError('server-unavailable', `${titleOf[spec.name]} ${why}. The end of its log ${spec.logFile}:\n${tail === '' ? '(empty)' : tail}`))
  }
  /** One life of the program; returns why it ended. */
  const run = async (): Promise<string> => {
    const logFrom = sizeOf(spec.logFile)
    const ended = new AbortController()
    const started = start(spec)
    child = started
    const end = endOf(started)
    const identity = started.pid === undefined ? undefined : identityOf(started.pid)
    change({ ready: false, ...(identity === undefined ? {} : { process: identity }) }, `started${started.pid === undefined ? '' : ` as ${started.pid}`}`)
    const timer = setTimeout(() => ended.abort(new Error(`was not ready within ${spec.readyWithinMs / 1_000} s`)), spec.readyWithinMs)
    const readiness = spec.ready({ logFrom, signal: AbortSignal.any([ended.signal, stopping.signal]) }).then(
      () => {
        if (ended.signal.aborted) return
        everReady = true
        change({ ready: true, problem: undefined }, 'is ready')
        first.resolve()
      },
      (error: unknown) => {
        if (stopping.signal.aborted || started.exitCode !== null || started.signalCode !== null) return
        if (!everReady) giveUp(`does not get ready: ${messageOf(error)}`, logFrom)
        started.kill('SIGKILL')
      },
    )
    void readiness.finally(() => clearTimeout(timer))
    const why = await end
    ended.abort(new Error('it ended'))
    await readiness
    child = undefined
    const problem = state.ready ? undefined : [`ends before it is ready (${why})`, logTail(spec.logFile, logFrom, 1)].filter((part) => part !== '').join(': ')
    state = { name: state.name, restarts: state.restarts, ready: false, ...(problem !== undefined && { problem }) }
    onChange(`${spec.name} ended: ${why}`)
    if (!everReady && state.restarts + 1 >= startsBeforeGivingUp) giveUp(`ends before it is ready (${why})`, logFrom)
    return why
  }
  /** Whether something is in the way of a start; it is said once. */
  const isKept = async (): Promise<boolean> => {
    const obstacle = await spec.obstacle?.()
    if (obstacle !== undefined && obstacle !== state.problem) change({ problem: obstacle }, `can't be started: ${obstacle}`)
    return obstacle !== undefined
  }
  const loop = async () => {
    let delay = firstDelayMs
    while (!isStopping()) {
      const begin = performance.now()
      const kept = await isKept()
      const running = kept || isStopping() ? undefined : run()
      tried.resolve()
      await running
      if (running !== undefined && performance.now() - begin >= steadyAfterMs) delay = firstDelayMs
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
      delay = Math.min(delay * 2, longestDelayMs)
      if (running !== undefined) state = { ...state, restarts: state.restarts + 1 }
    }
  }
  const running = loop()
  const kill = (signal: NodeJS.Signals) => {
    stopping.abort()
    child?.kill(signal)
  }
  return {
    spec,
    tried: tried.promise,
    firstReady: first.promise,
    state: () => state,
    stop: async () => {
      kill('SIGTERM')
      const timer = setTimeout(() => child?.kill('SIGKILL'), spec.endWithinMs)
      await running
      clearTimeout(timer)
    },
    killNow: () => kill('SIGKILL'),
  }
}

function start(spec: ChildSpec): ChildProcess {
  const log = openLog(spec.logFile)
  try {
    return spawn(spec.command, spec.args, { env: spec.env, stdio: ['ignore', log, log], ...(spec.folder !== undefined && { cwd: spec.folder }) })
  } finally {
    closeSync(log)
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve(error.message)
    })
    child.once('exit', (code, signal) => resolve(signal === null ? `status ${code ?? 'unknown'}` : signal))
  })
}

function promiseWithResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((fulfil, fail) => {
    resolve = fulfil
    reject = fail
  })
  // A caller that stops the child before it was ready does not wait for this promise, so its rejection is marked as handled.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
