import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'

type Kind = 'object' | 'list' | 'number' | 'text'

/** Fields that an activity's answer has, and of which kind; those that it may lack are not asked for. */
export type Form = Readonly<Record<string, Kind>>

/**
 * Anybody may complete an activity in its worker's place (`temporal activity complete`), with whatever. What is none of its answers would fail
 * the workflow's task, and each later one of its run; so it counts as a failure of the activity. Asked where the answer has come, as one more
 * promise in between would change the order in which the workflow does things, and so what older histories are replayed to.
 * @param form undefined: it has none of the forms that there are
 * @throws ActivityFailure
 */
export function assertWhole(activity: string, answer: unknown, form: Form | undefined): void {
  if (form !== undefined && isWhole(answer, form)) return
  const cause = ApplicationFailure.nonRetryable(`${activity} was completed with what is no answer of it: by hand, as it seems. It is run again`, 'activity-failed')
  throw new ActivityFailure('the activity was completed with what is no answer of it', activity, undefined, 'NON_RETRYABLE_FAILURE', undefined, cause)
}

export function isWhole(answer: unknown, form: Form): boolean {
  const fields = (answer ?? {}) as Record<string, unknown>
  return Object.entries(form).every(([name, kind]) => kindOf(fields[name]) === kind)
}

function kindOf(value: unknown): Kind | undefined {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object' && value !== null) return 'object'
  if (typeof value === 'number') return 'number'
  return typeof value === 'string' ? 'text' : undefined
}
