import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { PerdureError } from '../protocol/errors.ts'
import { latestAsking } from './why-unanswered.ts'

/** A worker asks again within a minute at the latest; the rest is for clocks that differ. */
const askedWithinMs = 90_000
const pauseMs = 500

export interface WorkerWanted {
  readonly taskQueue: string
  /** Milliseconds; Infinity waits as long as it takes. */
  readonly patienceMs: number
  readonly signal: AbortSignal
  /** Told at every look that finds none. */
  readonly onMissing: () => void
}

/** Whether a worker asks for work on the queue, as far as the server shows. Where it does not tell, one may. */
export async function mayHaveWorker(temporal: Client, taskQueue: string): Promise<boolean> {
  return (await latestAsking(temporal, taskQueue).catch(() => Infinity)) >= Date.now() - askedWithinMs
}

/**
 * Waits until a worker asks for work on the queue. One that has died within the last minute and a half is taken to be there: who then
 * sends something waits for it, and is told so after the client's own patience. A server that does not tell is not waited for.
 * @throws PerdureError `no-worker`
 */
export async function waitForWorker(temporal: Client, { taskQueue, patienceMs, signal, onMissing }: WorkerWanted): Promise<void> {
  const since = Date.now()
  let before: number | undefined
  for (;;) {
    const asked = await latestAsking(temporal, taskQueue).catch(() => Infinity)
    // The second condition finds workers of a server whose clock is far behind.
    if (asked >= Date.now() - askedWithinMs || (before !== undefined && asked > before)) return
    before = asked
    if (Date.now() - since >= patienceMs) {
      throw new PerdureError(
        'no-worker',
        `no worker asks for work on task queue ${JSON.stringify(taskQueue)}: start one with \`perdure worker\`, which is the only command that runs agents where TEMPORAL_ADDRESS is set; or correct PERDURE_TASK_QUEUE`,
      )
    }
    onMissing()
    await sleep(pauseMs, undefined, { signal })
  }
}
