import { parkedQuery } from '../../../protocol/search-attributes.ts'
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
        const { count } = await connection.workflowService.countWorkflowExecutions({ namespace: target.namespace, query: parkedQuery })
        const parked = Number(count)
        if (parked === 0) return [ok('none is parked')]
        return [warning(`${parked} ${parked === 1 ? 'is' : 'are'} parked`, `which: temporal workflow list --query "${parkedQuery}"; the query \`state\` of each says why`)]
      })
    } catch {
      // No server, no namespace, or no search attributes yet: the check of the server says which.
      return [warning('not known', 'see Temporal')]
    }
  },
}
