import type { TypedSearchAttributes } from '@temporalio/common'
import { patched, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import { attributesOfAgent, modelAttribute, statusAttribute, type ShownStatus } from '../../protocol/search-attributes.ts'
import type { AgentState } from '../../protocol/state.ts'

/** Shows operators the agent's status. Each change is an event of the history, so what is shown already is not shown again. */
export function showStatus(status: ShownStatus): void {
  if (shown() === status && oncePerChange()) return
  upsertSearchAttributes([{ key: statusAttribute, value: status }])
}

/**
 * A parked agent tries again. It is shown as parked until a step has succeeded: an alert would come and go with each try otherwise.
 * Histories from before show it as live at each try.
 */
export function showRetry(): void {
  if (!oncePerChange()) showStatus('live')
}

/** A step has succeeded, or there is nothing left to try. */
export function showRecovered(): void {
  if (shown() === 'parked' && oncePerChange()) showStatus('live')
}

/** What operators see of the definition, as it is now. */
export function showDefinition({ settings: { model, contextWindow } }: Pick<AgentState, 'settings'>): void {
  const { memo = {}, typedSearchAttributes } = workflowInfo()
  if (typedSearchAttributes.get(modelAttribute) !== model) upsertSearchAttributes([{ key: modelAttribute, value: model }])
  if (memo['model'] !== model || memo['contextWindow'] !== contextWindow) upsertMemo({ model, contextWindow })
}

/** A closed workflow keeps what it has shown last. */
export function showEnded(): void {
  if (oncePerChange()) showStatus('ended')
}

/** What is shown now, for a run that goes on from here. Without the attribute of its status an agent shows none, and has one. */
export function shownOf({ agentId, settings: { model }, parked }: Pick<AgentState, 'agentId' | 'settings' | 'parked'>): TypedSearchAttributes {
  return attributesOfAgent(agentId, { status: shown() ?? (parked === undefined ? 'live' : 'parked'), model })
}

const oncePerChange = (): boolean => patched('status-once-per-change')

const shown = (): ShownStatus | undefined => workflowInfo().typedSearchAttributes.get(statusAttribute) as ShownStatus | undefined
