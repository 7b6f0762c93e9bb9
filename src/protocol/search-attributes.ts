import { defineSearchAttributeKey } from '@temporalio/common'
import type { searchAttributeNames } from './search-attribute-names.ts'

/**
 * What an operator filters agents by. `parked` lasts until a step has succeeded again; `ended` is an agent's that was archived or erased. A
 * workflow that was terminated, and a run that went on in a new one, keep what they had: ask for `ExecutionStatus = 'Running'` too.
 */
export type ShownStatus = 'live' | 'parked' | 'ended'

export const statusAttribute = keyword('PerdureStatus')
/** The tenant of an agent, and of what loads its documents; absent of the default one's. */
export const tenantAttribute = keyword('PerdureTenant')
export const modelAttribute = keyword('PerdureModel')

/** The agents that stand still: terminated and continued workflows are left out. */
export const parkedQuery = "PerdureStatus = 'parked' AND ExecutionStatus = 'Running'"

/** Agents, and what loads their documents, of whose work an operator has paused something. The attribute is Temporal's own. */
export const pausedQuery = "TemporalPauseInfo IS NOT NULL AND WorkflowType IN ('agent', 'documents') AND ExecutionStatus = 'Running'"

/** Of those that are registered: another name is an error of the compiler. */
function keyword(name: (typeof searchAttributeNames)[number]) {
  return defineSearchAttributeKey(name, 'KEYWORD')
}
