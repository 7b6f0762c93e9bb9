import type { Connection } from '@temporalio/client'
import { parkedQuery, pausedQuery } from '../../../protocol/search-attributes.ts'
import { ok, warning, type Check } from '../check.ts'
import { asking, temporalTarget } from './temporal-target.ts'

/** How many stand still. Temporal's index lags a second or two behind. */
export const agents: Check = {
  name: 'agents',
  settings: ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY'],
  failure: 'unavailable',
  applies: (context) => temporalTarget(context) !== undefined,
  run: async (context) => {
    const target = temporalTarget(context)
    if (target === undefined) return []
    try {
      return await asking(target, async (connection) => {
        const counted = countIn(connection, target.namespace)
        // A server that can pause nothing does not know the attribute.
        const [parked, paused] = await Promise.all([counted(parkedQuery), counted(pausedQuery).catch(() => 0)])
        return [
          parked === 0 ? ok('none is parked') : warning(`${are(parked)} parked`, `which: temporal workflow list --query "${parkedQuery}"; the query \`state\` of each says why`),
          ...(paused === 0 ? [] : [warning(`${are(paused)} paused in Temporal`, `which: temporal workflow list --query "${pausedQuery}"; \`temporal activity unpause\` lets each go on`)]),
        ]
      })
    } catch {
      // No server, no namespace, or no search attributes yet: the check of the server says which.
      return [warning('not known', 'see Temporal')]
    }
  },
}

const countIn = ({ workflowService }: Connection, namespace: string) => async (query: string): Promise<number> => Number((await workflowService.countWorkflowExecutions({ namespace, query })).count)

const are = (count: number): string => `${count} ${count === 1 ? 'is' : 'are'}`
