import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { PerdureError } from '../protocol/errors.ts'
import { withoutUndefined } from '../protocol/without-undefined.ts'
import { homeFiles, makeHome } from './home.ts'
import { takeLease } from './leases.ts'
import { isAlive } from './process-identity.ts'
import type { OnProgress } from './progress.ts'
import { settingsDifferences, stackSettings, type StackUse } from './stack-settings.ts'
import { readStackState, type StackState } from './stack-state.ts'
import { leaveStack } from './stop-stack.ts'
import { lockHeldStatus, startSupervisor, type StartedSupervisor } from './start-supervisor.ts'

export interface EnsureStackOptions {
  readonly config: Config
  /** `attached`: there as long as somebody uses it. `kept`: until it is stopped. */
  readonly mode: 'attached' | 'kept'
  /** Of a stack that runs already only settings that matter for this must be as they are here. Default `stack`: all. */
  readonly use?: StackUse
  readonly onProgress: OnProgress
  /** Aborted: give up waiting. A stack that nobody else waits for then stops by itself. */
  readonly signal?: AbortSignal
  /** Arguments of Node before the commands `worker` and `simulated-model`; another program in tests. */
  readonly entry?: readonly string[]
}

export interface HttpServer {
  /** Where agents are served over HTTP; the server may just be starting. */
  readonly url: string
  /** Why it is not there, as far as that is known. It is tried again. */
  readonly problem?: string
}

export interface RunningStack {
  readonly temporalAddress: string
  readonly namespace: string
  /** Absent for a Temporal server that is not the stack's own. */
  readonly uiUrl?: string
  /** The URL of the simulated model, for any OpenAI client; absent if a real endpoint is configured. */
  readonly modelUrl?: string
  readonly http: HttpServer
  readonly home: string
  /** Whether the stack was running already. */
  readonly joined: boolean
  /**
   * Says that this process no longer uses the stack. The last user of an attached stack waits until it has stopped cleanly; a call with
   * `immediately` meanwhile, or at first, ends it at once. Nothing that was confirmed is lost either way.
   */
  release(options?: { readonly immediately?: boolean; readonly onProgress?: OnProgress }): Promise<void>
}

type ReadyState = StackState & { readonly temporal: NonNullable<StackState['temporal']>; readonly httpUrl: string }

const pollMs = 50

/**
 * Brings up the local stack, or joins the one that runs on this home; done when all of it serves.
 * @throws PerdureError `config-invalid` when one runs with other settings; `server-unavailable`, `port-busy` when it does not start
 */
export async function ensureStack(options: EnsureStackOptions): Promise<RunningStack> {
  const { config, mode } = options
  const { home } = config
  makeHome(home)
  const lease = takeLease(home)
  try {
    const { state, joined } = await waitUntilReady(options)
    if (mode === 'kept') writeFileSync(homeFiles(home).kept, '', { mode: 0o600 })
    const { address, namespace, uiUrl } = state.temporal
    return {
      temporalAddress: address,
      namespace,
      ...(uiUrl === undefined ? {} : { uiUrl }),
      ...(state.modelUrl === undefined ? {} : { modelUrl: state.modelUrl }),
      http: { url: state.httpUrl, ...withoutUndefined({ problem: httpChildOf(state)?.problem }) },
      home,
      joined,
      release: async ({ immediately = false, onProgress = options.onProgress } = {}) => {
        lease.release()
        await leaveStack(home, { immediately, onProgress })
      },
    }
  } catch (error) {
    lease.release()
    throw error
  } finally {
    // A kept stack needs no user; its lease was for the time of starting.
    if (mode === 'kept') lease.release()
  }
}

/**
 * Waits until the server over HTTP of a running stack serves.
 * @throws PerdureError `server-unavailable` where it does not come to that, with the reason
 */
export async function waitForHttp({ home, http }: RunningStack): Promise<void> {
  for (;;) {
    const state = readStackState(home)
    if (state === undefined || !isAlive(state.supervisor)) throw new PerdureError('server-unavailable', `the stack was stopped before agents were served at ${http.url}`)
    const child = httpChildOf(state)
    if (child?.ready === true) return
    if (child?.problem !== undefined) throw new PerdureError('server-unavailable', `agents are not served at ${http.url}: ${child.problem}`)
    await sleep(pollMs)
  }
}

const httpChildOf = (state: StackState) => state.children.find(({ name }) => name === 'http')

async function waitUntilReady({ config, use, onProgress, signal, entry }: EnsureStackOptions): Promise<{ state: ReadyState; joined: boolean }> {
  const { home } = config
  let started: StartedSupervisor | undefined
  for (;;) {
    signal?.throwIfAborted()
    const state = readStackState(home)
    if (state !== undefined && isAlive(state.supervisor)) {
      const joined = state.supervisor.pid !== started?.pid
      if (joined && (state.phase === 'ready' || state.phase === 'starting')) assertSameSettings(config, state, use)
      const { temporal, httpUrl } = state
      if (state.phase === 'ready' && temporal !== undefined && httpUrl !== undefined) return { state: { ...state, temporal, httpUrl }, joined }
      if (joined && state.phase === 'stopping') onProgress('waiting for the earlier stack to stop', 0)
      else if (state.progress !== undefined) onProgress(state.progress.what, state.progress.seconds)
    } else if (started === undefined || started.status() === lockHeldStatus) {
      // No supervisor runs, or one is just starting or stopping.
      if (started !== undefined) await sleep(pollMs * 4)
      started = startSupervisor(config, entry)
    } else if (started.status() !== undefined) {
      throw failureOf(state, started)
    }
    await sleep(pollMs)
  }
}

function assertSameSettings(config: Config, state: StackState, use: StackUse | undefined): void {
  const differences = settingsDifferences(stackSettings(config, use), state.settings)
  if (differences.length === 0) return
  throw new PerdureError(
    'config-invalid',
    `a stack runs on ${config.home} with other settings:\n${differences.map((line) => `  ${line}`).join('\n')}\n` +
      'Use the same settings, or stop it with `perdure stack down`, or name another folder by PERDURE_HOME.',
  )
}

function failureOf(state: StackState | undefined, started: StartedSupervisor): PerdureError {
  if (state?.supervisor.pid === started.pid && state?.failure !== undefined) return new PerdureError(state.failure.code, state.failure.message)
  if (state?.supervisor.pid === started.pid && state?.phase === 'stopped') return new PerdureError('server-unavailable', 'the stack was stopped while it started')
  const tail = started.logTail()
  return new PerdureError('server-unavailable', `the supervisor of the stack ended with status ${started.status() ?? 'unknown'}${tail === '' ? '' : `:\n${tail}`}`)
}
