/** Temporal takes ten unanswered updates of one workflow. The workflow leaves up to three unanswered; so many of ours are on their way beside those. */
const width = 4

interface Lanes {
  busy: number
  readonly waiting: (() => void)[]
}

const lanesOf = new WeakMap<object, Map<string, Lanes>>()

/**
 * Does the work of one agent a few at a time, first come first served. Without it those who come first would be turned away again and again,
 * as others who come later find the place that has become free.
 * @param owner whose lanes they are: one client of Temporal
 */
export async function inLane<Answer>(owner: object, agentId: string, work: () => Promise<Answer>): Promise<Answer> {
  const agents = lanesOf.get(owner) ?? new Map<string, Lanes>()
  lanesOf.set(owner, agents)
  const lanes = agents.get(agentId) ?? { busy: 0, waiting: [] }
  agents.set(agentId, lanes)
  if (lanes.busy < width) lanes.busy += 1
  else await new Promise<void>((resolve) => lanes.waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = lanes.waiting.shift()
    if (next !== undefined) next()
    else if ((lanes.busy -= 1) === 0) agents.delete(agentId)
  }
}
