import { ActivityFailure, ApplicationFailure, isCancellation, TemporalFailure, TimeoutFailure } from '@temporalio/workflow'
import type { CommandAnswer } from '../../protocol/commands.ts'
import { errorCodes, type ErrorCode } from '../../protocol/errors.ts'
import type { Parked } from '../../protocol/state.ts'
import type { TurnReason } from '../../protocol/turn.ts'
import { beginningOf } from '../../protocol/well-formed.ts'

const firstRetryMs = 15_000
const longestRetryMs = 15 * 60_000
/** The most characters of a reason's text, since the state carries it and the Web UI shows it. */
const detailCharacters = 2_000

/** Failure types that an activity gives on purpose; they are reasons of a park. */
const namedReasons: readonly TurnReason[] = ['content-filtered', 'model-refused', 'model-unreachable', 'model-error', 'context-overflow', 'price-unknown', 'store-full']

/** Reasons that are gone when the stores answer. */
const storesAway: readonly TurnReason[] = ['store-away', 'store-full', 'wrong-stores']

/** The reason of a park that an error code of ours stands for. */
const reasonOfCode: Partial<Record<ErrorCode, TurnReason>> = { 'server-unavailable': 'store-away', 'wrong-stores': 'wrong-stores' }

/** Reasons that waiting does not remove. */
const needsPerson: readonly TurnReason[] = ['model-refused', 'context-overflow', 'agent-budget', 'price-unknown']

/** An activity has given up: why, in words, and when to try again by itself. */
export function parkedBy(error: unknown, options: { retries: number; now: number }): Parked {
  const { reason, detail } = reasonOf(error)
  const parked = park(reason, detail, options)
  const asked = waitAskedFor(error)
  return asked === undefined || parked.retryAt === undefined ? parked : { ...parked, retryAt: options.now + asked }
}

/** Milliseconds that a provider asks to wait, where that is longer than the attempts of a step last. */
function waitAskedFor(error: unknown): number | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const [detail] = cause instanceof ApplicationFailure ? (cause.details ?? []) : []
  const { retryAfterMs } = (detail ?? {}) as { readonly retryAfterMs?: unknown }
  return typeof retryAfterMs === 'number' ? retryAfterMs : undefined
}

export function park(reason: TurnReason, detail: string, { retries, now }: { retries: number; now: number }): Parked {
  if (needsPerson.includes(reason)) return { reason, detail, since: now }
  // Stores are asked at once whether they are back; only where they have said so in vain, later.
  const pauses = storesAway.includes(reason) ? retries - 1 : retries
  return { reason, detail, since: now, retryAt: pauses < 0 ? now : now + Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(pauses, 10)) }
}

/** So many tries by itself take half an hour; what has failed for so long may fail for ever. */
const triesWithoutWord = 7

/**
 * Tells a person how often it was tried in vain. A try may do what the first one did: of an endpoint that dies of the prompt, say, no later one has
 * another end, and the agent would be tried for ever with nobody asked.
 */
export function withTries(parked: Parked, tries: number): Parked {
  if (parked.retryAt === undefined || isStoresAway(parked) || tries < triesWithoutWord) return parked
  const told = `tried ${tries} times in a row without success; it goes on trying, but a person should look: cancel the turn if the model can't take it, or change the model or its endpoint`
  return { ...parked, detail: `${beginningOf(parked.detail, detailCharacters - told.length - 2)}; ${told}` }
}

/** The agent goes on as soon as its stores answer, and no record of the park can be written before. */
export const isStoresAway = ({ reason }: Pick<Parked, 'reason'>): boolean => storesAway.includes(reason)

/** Whether an activity has failed for good: not a bug of the workflow's own code, and nobody's cancelling of the workflow. */
export const isActivitysFailure = (error: unknown): error is TemporalFailure => error instanceof TemporalFailure && !isCancellation(error)

/** Whether a local activity has failed, that is short work on the agent's own stores. Its failure comes bare; that of another activity comes in an `ActivityFailure`. */
export const isLocalFailure = (error: unknown): boolean => isActivitysFailure(error) && !(error instanceof ActivityFailure)

/** The answer to a command, or to an answer's sender, whose activity has failed for good. The same may be asked again. */
export function refusalBy(error: TemporalFailure): CommandAnswer & { readonly code: string } {
  const { reason, detail } = reasonOf(error)
  const cause = error instanceof ActivityFailure ? error.cause : error
  const type = cause instanceof ApplicationFailure ? cause.type : undefined
  const code = errorCodes.find((known) => known === type) ?? (reason === 'store-away' ? 'server-unavailable' : reason)
  return { status: 'refused', code, detail }
}

/** What the workflow is behind the stores in, as an activity has found: it was reset, or Temporal's database was put back to an earlier day. */
export function behindBy(error: unknown): 'numbers-behind' | 'definition-behind' | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const type = cause instanceof ApplicationFailure ? cause.type : undefined
  return type === 'numbers-behind' || type === 'definition-behind' ? type : undefined
}

/** What a content filter has said of the prompt; undefined for any other failure. */
export function filteredBy(error: unknown): string | undefined {
  if (!isActivitysFailure(error)) return undefined
  const { reason, detail } = reasonOf(error)
  return reason === 'content-filtered' ? detail : undefined
}

/** Whether the reason may lie in what the request says. */
export const blamesRequest = ({ reason }: Pick<Parked, 'reason'>): boolean => reason === 'model-refused' || reason === 'model-error'

function reasonOf(error: unknown): { reason: TurnReason; detail: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error
  if (cause instanceof ApplicationFailure) {
    const reason = namedReasons.find((named) => named === cause.type) ?? reasonOfCode[cause.type as ErrorCode]
    return { reason: reason ?? 'activity-failed', detail: beginningOf(cause.message, detailCharacters) }
  }
  if (cause instanceof TimeoutFailure && isLocalFailure(error)) {
    return { reason: 'store-away', detail: 'the stores have not answered in time; the agent goes on by itself when they do' }
  }
  if (cause instanceof TimeoutFailure) return { reason: 'activity-failed', detail: 'an activity timed out at every attempt: is a worker running?' }
  return { reason: 'activity-failed', detail: beginningOf(cause instanceof Error ? cause.message : String(cause), detailCharacters) }
}
