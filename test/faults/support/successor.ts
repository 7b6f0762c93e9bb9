import { workflowIdOf } from '../../../src/protocol/ids.ts'
import type { Successor } from './recovery.ts'
import type { WorkerProcess } from './worker.ts'
import type { World } from './world.ts'

/** Workers of which one dies by itself, at the world's point. */
export interface Doomed {
  /** The signal that ended the first one to die. */
  readonly died: Promise<NodeJS.Signals | null>
  /** To be called when it is dead: there is a worker again. */
  goOn(): Promise<void>
}

export async function startDoomed(world: World, successor: Successor): Promise<Doomed> {
  const workers = await startWorkers(world, successor)
  return { died: Promise.race(workers.map(({ died }) => died)), goOn: async () => goOnIn(world, successor) }
}

/** Kills a worker that was alone so far. */
export async function replace(world: World, worker: WorkerProcess, successor: Successor): Promise<void> {
  if (successor === 'stands by') await world.startWorker()
  await worker.kill()
  await goOnIn(world, successor)
}

/** Two workers of which one stands by, or one. */
export function startWorkers(world: World, successor: Successor): Promise<readonly WorkerProcess[]> {
  return Promise.all(Array.from({ length: successor === 'stands by' ? 2 : 1 }, () => world.startWorker()))
}

export async function goOnIn(world: World, successor: Successor): Promise<void> {
  if (successor === 'is started') await world.startWorker()
}

/** Process id of the worker that was given the agent's latest workflow task. */
export async function pidOfHolder({ temporal, agentId }: Pick<World, 'temporal' | 'agentId'>): Promise<number> {
  const { events = [] } = await temporal.workflow.getHandle(workflowIdOf(agentId)).fetchHistory()
  const started = (events ?? []).findLast(({ workflowTaskStartedEventAttributes: task }) => task)
  // The SDK names a worker `PID@HOST`.
  return Number.parseInt(started?.workflowTaskStartedEventAttributes?.identity ?? '', 10)
}
