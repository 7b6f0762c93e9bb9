/** Temporal takes ten unanswered updates of one workflow. The workflow leaves up to three unanswered; so many of ours are on their way beside those. */
const updatesOnTheirWay = 4

interface Lanes {
  busy: number
  readonly waiting: (() => void)[]
}

const lanesOf = new WeakMap<object, Map<string, Lanes>>()

export interface LaneOptions {
  /** How many at a time. Default: as many updates as may be on their way. */
  readonly width?: number
  /** Ends the waiting for a place; what has its place is not broken off. */
  readonly signal?: AbortSignal
}

/**
 * Does the work of one agent a few at a time, first come first served. Without it those who come first would be turned away again and again,
 * as others who come later find the place that has become free.
 * @param owner whose lanes they are
 */
export async function inLane<Answer>(owner: object, agentId: string, work: () => Promise<Answer>, { width = updatesOnTheirWay, signal }: LaneOptions = {}): Promise<Answer> {
  const agents = lanesOf.get(owner) ?? new Map<string, Lanes>()
  lanesOf.set(owner, agents)
  const lanes = agents.get(agentId) ?? { busy: 0, waiting: [] }
  agents.set(agentId, lanes)
  if (lanes.busy < width) lanes.busy += 1
  else await place(lanes, signal)
  try {
    return await work()
  } finally {
    const next = lanes.waiting.shift()
    if (next !== undefined) next()
    else if ((lanes.busy -= 1) === 0) agents.delete(agentId)
  }
}

function place({ waiting }: Lanes, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.splice(waiting.indexOf(take), 1)
      reject(signal?.reason as Error)
    }
    const take = (): void => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }
    signal?.throwIfAborted()
    signal?.addEventListener('abort', leave, { once: true })
    waiting.push(take)
  })
}
