import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow'
import type { Parked } from '../../protocol/state.ts'
import type { TurnReason } from '../../protocol/turn.ts'

const firstRetryMs = 15_000
const longestRetryMs = 15 * 60_000
/** The most characters of a reason's text, since the state carries it and the Web UI shows it. */
const detailCharacters = 2_000

/** Failure types that an activity gives on purpose; they are reasons of a park. */
const namedReasons: readonly TurnReason[] = ['model-refused', 'model-unreachable', 'model-error', 'context-overflow', 'price-unknown', 'store-full']

/** Reasons that waiting does not remove. */
const needsPerson: readonly TurnReason[] = ['model-refused', 'context-overflow', 'agent-budget', 'price-unknown']

/** An activity has given up: why, in words, and when to try again by itself. */
export function parkedBy(error: unknown, options: { retries: number; now: number }): Parked {
  const { reason, detail } = reasonOf(error)
  const parked = park(reason, detail, options)
  const asked = waitAskedFor(error)
  return asked === undefined || parked.retryAt === undefined ? parked : { ...parked, retryAt: options.now + asked }
}

/** A provider has said how long to wait, and it is longer than a step holds out. */
function waitAskedFor(error: unknown): number | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : []
  const { retryAfterMs } = (detail ?? {}) as { readonly retryAfterMs?: unknown }
  return typeof retryAfterMs === 'number' ? retryAfterMs : undefined
}

export function park(reason: TurnReason, detail: string, { retries, now }: { retries: number; now: number }): Parked {
  if (needsPerson.includes(reason)) return { reason, detail, since: now }
  return { reason, detail, since: now, retryAt: now + Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(retries, 10)) }
}

/** The stores hold more than the workflow knows of: it was reset, or its stores, or Temporal's, are those of another day. */
export function isBehind(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error
  return cause instanceof ApplicationFailure && cause.type === 'numbers-behind'
}

function reasonOf(error: unknown): { reason: TurnReason; detail: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof ApplicationFailure) {
    const reason = namedReasons.find((named) => named === cause.type)
    return { reason: reason ?? 'activity-failed', detail: cause.message.slice(0, detailCharacters) }
  }
  if (cause instanceof TimeoutFailure) return { reason: 'activity-failed', detail: 'an activity timed out at every attempt: is a worker running?' }
  return { reason: 'activity-failed', detail: (cause instanceof Error ? cause.message : String(cause)).slice(0, detailCharacters) }
}
