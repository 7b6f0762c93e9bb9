import { patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow'
import { statusAttribute, type ShownStatus } from '../../protocol/search-attributes.ts'

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

/** A closed workflow keeps what it has shown last. */
export function showEnded(): void {
  if (oncePerChange()) showStatus('ended')
}

const oncePerChange = (): boolean => patched('status-once-per-change')

const shown = (): string | undefined => workflowInfo().typedSearchAttributes.get(statusAttribute)
