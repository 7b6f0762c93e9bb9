import type { Config } from '../config/config.ts'
import { connect, type PerdureConnection } from '../connect.ts'
import { progressLine } from '../stack/progress.ts'
import { ensureStack, type RunningStack } from '../stack/stack.ts'

export interface Running {
  readonly config: Config
  readonly stack: RunningStack
  readonly connection: PerdureConnection
}

/**
 * Brings up the stack, or joins it, for as long as `use` takes. Ctrl-C ends it in an orderly way whatever it is about, a second
 * one at once: what was accepted is durable, so nothing is lost either way.
 * @throws an `AbortError` after Ctrl-C
 */
export async function withAgents<Result>(config: Config, use: (running: Running) => Promise<Result>): Promise<Result> {
  const progress = progressLine(process.stderr)
  const interrupted = new AbortController()
  let again: () => void = () => undefined
  const onInterrupt = (): void => {
    if (interrupted.signal.aborted) again()
    else interrupted.abort()
  }
  process.on('SIGINT', onInterrupt)
  try {
    const stack = await ensureStack({ config, mode: 'attached', onProgress: progress.update, signal: interrupted.signal }).finally(() => progress.done())
    try {
      return await unlessAborted(interrupted.signal, withConnection(config, stack, use))
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

async function withConnection<Result>(config: Config, stack: RunningStack, use: (running: Running) => Promise<Result>): Promise<Result> {
  const connection = await connect(config, stack.temporalAddress)
  try {
    return await use({ config, stack, connection })
  } finally {
    // The connection to the server ends with the process: calls that nobody waits for any more may still be under way on it, and
    // would fail loudly on a closed one.
    await connection.stores.close()
  }
}

/** Nobody waits for work that still runs after an abort, so its errors are dropped. */
function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('interrupted', 'AbortError')), { once: true })
    work.then(resolve, reject)
  })
}
