import type { Config } from '../config/config.ts'
import type { PerdureConnection } from '../connect.ts'
import { progressLine, secondsSince, whileReporting, type OnProgress } from '../stack/progress.ts'
import { ensureStack, type RunningStack } from '../stack/stack.ts'
import type { StackUse } from '../stack/stack-settings.ts'

export interface Running {
  readonly config: Config
  /** Absent where the configuration names a Temporal server: then the command is a client of that server, and starts nothing. */
  readonly stack?: RunningStack
  readonly connection: PerdureConnection
  /** From now on Ctrl-C does this, and ends nothing by itself; until the function that it returns is called. */
  readonly takeInterrupts: (onInterrupt: () => void) => () => void
}

export type Use<Result> = (running: Running) => Promise<Result>

export interface AgentsWanted {
  /**
   * What a command does on a named server that has no worker: `needed`: fails after some seconds; `awaited`: says so and waits, as a
   * person sees it and can stop; `unneeded`: goes on. Default `needed`. A stack of our own has a worker.
   */
  readonly worker?: 'needed' | 'awaited' | 'unneeded'
  /** What the command does with a stack of our own: settings that it does not use need not be the running one's. Default `client`. */
  readonly use?: StackUse
}

/** Long enough for a worker that is just starting. */
const workerWithinMs = 10_000
const serverWithinMs = 10_000

/**
 * Reaches the agents for as long as `use` takes: on the Temporal server that the configuration names, or on a stack of its own, which it
 * brings up or joins. Ctrl-C ends it in an orderly way whatever it is about, a second one at once: what was accepted is durable, so
 * nothing is lost either way.
 * @throws PerdureError `no-worker`, `server-unavailable`; an `AbortError` after Ctrl-C
 */
export async function withAgents<Result>(config: Config, use: Use<Result>, wanted: AgentsWanted = {}): Promise<Result> {
  const interrupted = new AbortController()
  let again: () => void = () => undefined
  let taken: (() => void) | undefined
  const takeInterrupts: Running['takeInterrupts'] = (handler) => {
    taken = handler
    return () => (taken = taken === handler ? undefined : taken)
  }
  const onInterrupt = (): void => {
    if (taken !== undefined) taken()
    else if (interrupted.signal.aborted) again()
    else interrupted.abort()
  }
  process.on('SIGINT', onInterrupt)
  try {
    if (config.temporal.address !== undefined) return await asClient({ config, takeInterrupts }, use, wanted, interrupted.signal)
    const progress = progressLine(process.stderr)
    const ensuring = ensureStack({ config, mode: 'attached', use: wanted.use ?? 'client', onProgress: progress.update, signal: interrupted.signal })
    // Loaded while the stack comes up; a failure is told where it is used.
    const loading = import('../connect.ts')
    loading.catch(() => undefined)
    const stack = await ensuring.finally(() => progress.done())
    try {
      const connecting = loading.then(({ connect }) => connect(config, stack.temporalAddress))
      return await unlessAborted(interrupted.signal, connecting.then((connection) => closing(connection, () => use({ config, stack, connection, takeInterrupts }))))
    } finally {
      // Ctrl-C from here on is impatience, be it the first or the second.
      again = () => void stack.release({ immediately: true })
      interrupted.signal.addEventListener('abort', again)
      await stack.release({ onProgress: progress.update })
      progress.done()
    }
  } finally {
    process.off('SIGINT', onInterrupt)
  }
}

/** Starts no worker: those of the server may have tools, keys and a version that this process has not. */
async function asClient<Result>(given: Pick<Running, 'config' | 'takeInterrupts'>, use: Use<Result>, { worker = 'needed' }: AgentsWanted, signal: AbortSignal): Promise<Result> {
  const { config } = given
  const progress = progressLine(process.stderr)
  const connection = await reach(config, signal, progress.update).finally(() => progress.done())
  return unlessAborted(
    signal,
    closing(connection, async () => {
      if (worker !== 'unneeded') await findWorker(connection, config, worker, signal)
      return use({ ...given, connection })
    }),
  )
}

async function reach(config: Config, signal: AbortSignal, onProgress: OnProgress): Promise<PerdureConnection> {
  const { address = '', ...target } = config.temporal
  const [{ connect }, { waitForTemporal }] = await Promise.all([import('../connect.ts'), import('../stack/temporal/temporal-ready.ts')])
  await whileReporting(`waiting for the Temporal server at ${address}`, onProgress, () => waitForTemporal({ ...target, address }, { timeoutMs: serverWithinMs, signal }))
  return connect(config)
}

async function findWorker({ temporal }: PerdureConnection, { taskQueue }: Config, worker: 'needed' | 'awaited', signal: AbortSignal): Promise<void> {
  const { waitForWorker } = await import('../client/wait-for-worker.ts')
  const progress = progressLine(process.stderr)
  const since = performance.now()
  const onMissing = (): void => progress.update(`no worker on task queue ${taskQueue} yet: \`perdure worker\` starts one`, secondsSince(since))
  await waitForWorker(temporal, { taskQueue, patienceMs: worker === 'awaited' ? Infinity : workerWithinMs, signal, onMissing }).finally(() => progress.done())
}

async function closing<Result>({ stores }: PerdureConnection, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } finally {
    // The connection to the server ends with the process: calls that nobody waits for any more may still be under way on it, and
    // would fail loudly on a closed one.
    await stores.close()
  }
}

/** Nobody waits for work that still runs after an abort, so its errors are dropped. */
function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException('interrupted', 'AbortError'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject)
  })
}
