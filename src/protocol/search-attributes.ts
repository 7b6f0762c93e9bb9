import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common'
import type { searchAttributeNames } from './search-attribute-names.ts'
import { tenantOf } from './tenant.ts'

/**
 * What an operator filters agents by. `parked` lasts until a step has succeeded again; `ended` is an agent's that was archived or erased. A
 * workflow that was terminated, and a run that went on in a new one, keep what they had: ask for `ExecutionStatus = 'Running'` too.
 */
export type ShownStatus = 'live' | 'parked' | 'ended'

export const statusAttribute = keyword('PerdureStatus')
/** The tenant of an agent, and of what loads its documents; absent of the default one's. */
export const tenantAttribute = keyword('PerdureTenant')
export const modelAttribute = keyword('PerdureModel')

/**
 * What an agent's run is filtered by when it begins. Each run is given them, one that goes on in a new one too: the SDK carries over
 * those that the last run had under the names of their columns, and Temporal refuses a column whose attribute somebody has removed.
 */
export const attributesOfAgent = (key: string, { status, model }: { readonly status: ShownStatus; readonly model: string }): TypedSearchAttributes =>
  new TypedSearchAttributes([{ key: statusAttribute, value: status }, { key: modelAttribute, value: model }, ...ofTenant(key)])

/** The same of a workflow that works for an agent. */
export const attributesOfHelper = (key: string): TypedSearchAttributes => new TypedSearchAttributes([...ofTenant(key)])

function ofTenant(key: string): readonly { readonly key: typeof tenantAttribute; readonly value: string }[] {
  const tenant = tenantOf(key)
  return tenant === undefined ? [] : [{ key: tenantAttribute, value: tenant }]
}

/** The agents that stand still: terminated and continued workflows are left out. */
export const parkedQuery = "PerdureStatus = 'parked' AND ExecutionStatus = 'Running'"

/** Agents, and what loads their documents and embeds what has left their contexts, of whose work an operator has paused something. The attribute is Temporal's own. */
export const pausedQuery = "TemporalPauseInfo IS NOT NULL AND WorkflowType IN ('agent', 'documents', 'exchanges') AND ExecutionStatus = 'Running'"

/** Of those that are registered: another name is an error of the compiler. */
function keyword(name: (typeof searchAttributeNames)[number]) {
  return defineSearchAttributeKey(name, 'KEYWORD')
}
