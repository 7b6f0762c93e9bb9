import { nameOf } from '../protocol/agent-key.ts'
import { attributesOfHelper } from '../protocol/search-attributes.ts'
import { tenantOf } from '../protocol/tenant.ts'

/** How a workflow that does something for an agent is shown, and found, in Temporal's Web UI. @param what it is, up to the agent's name */
export function shownOfHelper(agentId: string, what: string) {
  const name = nameOf(agentId)
  const tenant = tenantOf(agentId)
  return {
    staticSummary: `${what} ${name}${tenant === undefined ? '' : ` of ${tenant}`}`,
    memo: { agent: name },
    typedSearchAttributes: attributesOfHelper(agentId),
  }
}
