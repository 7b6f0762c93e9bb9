import { opOf } from '../../protocol/ids.ts'
import { firingIdOf, type ScheduledTimer } from '../../protocol/timers.ts'
import type { MemoryStore } from '../../stores/stores.ts'

/** The agent's timers as the stores know them, each at its first due time that recall memory does not hold. Undefined where the stores never had a copy. */
export async function timersLeft(memory: MemoryStore, agentId: string): Promise<readonly ScheduledTimer[] | undefined> {
  const stored = await memory.timers.get(agentId)
  if (stored === undefined) return undefined
  const left = await Promise.all(stored.timers.map((timer) => afterItsFirings(memory, agentId, timer)))
  return left.filter((timer) => timer !== undefined)
}

/** The copy in the stores is as old as the end of the latest turn that a timer began; a firing after that is in recall memory. */
async function afterItsFirings(memory: MemoryStore, agentId: string, timer: ScheduledTimer): Promise<ScheduledTimer | undefined> {
  const { id, at, everyMs, times } = timer
  for (let { dueAt, firings } = timer; ; dueAt += everyMs, firings += 1) {
    const fired = await memory.messages.byOp(agentId, opOf.event(agentId, firingIdOf(id, dueAt)))
    if (fired === undefined) return { ...timer, dueAt, firings }
    if (everyMs === undefined || (times !== undefined && dueAt + everyMs >= at + times * everyMs)) return undefined
  }
}
