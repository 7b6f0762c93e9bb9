import { ok, warning, type Check, type Finding } from '../check.ts'
import { asking, statusOf, temporalTarget } from './temporal-target.ts'

/** A poll lasts a minute at the most. The server goes on naming a dead worker for five. */
const polledWithinMs = 90_000

/** gRPC status: the namespace is not there, which the check of the server says. */
const notFound = 5

export const workers: Check = {
  name: 'workers',
  settings: ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY', 'PERDURE_TASK_QUEUE'],
  failure: 'unavailable',
  applies: (context) => temporalTarget(context) !== undefined,
  run: async (context) => {
    const target = temporalTarget(context)
    if (target === undefined) return []
    const { taskQueue } = context.config
    try {
      return await asking(target, async (connection) => {
        // Every worker of ours polls for workflows, which is the kind of queue that is meant where none is named.
        const { pollers } = await connection.workflowService.describeTaskQueue({ namespace: target.namespace, taskQueue: { name: taskQueue } })
        const live = polledLately(pollers, Date.now())
        const builds = live.map(({ deploymentOptions, workerVersionCapabilities }) => deploymentOptions?.buildId || workerVersionCapabilities?.buildId || '')
        return [present(taskQueue, new Set(live.map(({ identity }) => identity ?? '')), new Set(builds.filter((build) => build !== '')))]
      })
    } catch (error) {
      const reason = statusOf(error) === notFound ? 'the namespace is not there' : 'the server does not say'
      return [warning(`not known: ${reason}`, 'see Temporal')]
    }
  },
}

/** Those that have asked for work within the last poll's time. */
export function polledLately<Poller extends { readonly identity?: string | null; readonly lastAccessTime?: { readonly seconds?: unknown } | null }>(pollers: readonly Poller[], now: number): readonly Poller[] {
  return pollers.filter(({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1_000 < polledWithinMs)
}

function present(taskQueue: string, identities: ReadonlySet<string>, builds: ReadonlySet<string>): Finding {
  if (identities.size === 0) return warning(`none on the task queue ${taskQueue}: messages wait`, 'start one: `perdure worker`')
  const of = builds.size === 0 ? '' : `, of build ${[...builds].join(' and ')}`
  return ok(`${identities.size} on the task queue ${taskQueue}${of}: ${[...identities].slice(0, 5).join(', ')}`)
}
