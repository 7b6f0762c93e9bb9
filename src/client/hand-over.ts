import { setTimeout as sleep } from 'node:timers/promises'
import { inLane } from './lanes.ts'

/**
 * So many updates of one connection wait for their acceptance at a time, of all agents; others wait here, first come first served. Temporal would take
 * them all. But a worker that has a backlog of tasks for the agents that it keeps asks only once at a time for tasks that any worker may take. Those
 * are of agents that have left the cache, and those that have waited for `stickyTimeoutMs`: with many agents at once they waited until all others
 * were served. A limit: where an acceptance takes 250 ms, one process hands over 64 updates a second, whatever the number of workers.
 */
const atOnce = 16

/** An update that is not accepted so soon (no worker answers, or its agent is stuck) gives its place to the next one, and waits on beside it. */
const placeMs = 2_000

export interface HandingOver {
  readonly agentId: string
  readonly signal?: AbortSignal | undefined
  /** Epoch milliseconds. Whoever has no place by then waits no longer, and learns from the call itself that it is too late. */
  readonly deadline: number
}

/** Of a connection: agents whose last update lost its place. Until one of theirs is accepted they take none, so that they hold up nobody twice. */
const slowOf = new WeakMap<object, Set<string>>()

/**
 * Does this when there is a place for it.
 * @param connection whose updates are counted together
 */
export async function handOver<Answer>(connection: object, give: () => Promise<Answer>, { agentId, signal, deadline }: HandingOver): Promise<Answer> {
  const slow = slowOf.get(connection) ?? new Set()
  slowOf.set(connection, slow)
  const accepted = async (): Promise<Answer> => {
    const answer = await give()
    slow.delete(agentId)
    return answer
  }
  const waitMs = Math.ceil(Math.min(deadline - Date.now(), longestTimerMs))
  if (slow.has(agentId) || !(waitMs > 0)) return accepted()

  let given: Promise<Answer> | undefined
  const timeout = AbortSignal.timeout(waitMs)
  const place = async (): Promise<void> => {
    const answered = new AbortController()
    given = accepted().finally(() => answered.abort())
    given.catch(() => undefined)
    await sleep(placeMs, undefined, { signal: answered.signal }).then(() => slow.add(agentId), () => undefined)
  }
  await inLane(connection, 'updates', place, { width: atOnce, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) }).catch((error: unknown) => {
    if (!timeout.aborted || signal?.aborted === true) throw error
  })
  return given ?? accepted()
}

/** Node's timers take no longer time. */
const longestTimerMs = 2 ** 31 - 1
