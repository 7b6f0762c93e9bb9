/**
 * Loads documents into an agent's archival memory, and takes them out. A workflow of its own, so that loading a library does not hold
 * its agent up; one for each agent, so that a load and a removal of the same document never meet. It ends when nothing is left to do.
 * It knows names and counts; contents are the activities' business.
 */
import { ActivityCancellationType, ActivityFailure, ApplicationFailure, CancellationScope, CancelledFailure, condition, defineQuery, defineSignal, getExternalWorkflowHandle, isCancellation, log, makeContinueAsNewFunc, patched, proxyActivities, setCurrentDetails, setHandler, TimeoutFailure, workflowInfo, type RetryPolicy } from '@temporalio/workflow'
import { documentsWorkflowIdOf, progressQuery, wakeSignal, type DocumentActivities, type DocumentRef, type DocumentWork, type DocumentsProgress, type Wake } from '../protocol/documents.ts'
import { errorCodes, messageOf, type ErrorCode } from '../protocol/errors.ts'
import { handlerNames } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'
import { attributesOfHelper } from '../protocol/search-attributes.ts'
import { beginningOf } from '../protocol/well-formed.ts'
import { assertOwnWorkflow } from './known-state.ts'
import { liveness } from '../protocol/liveness.ts'
import { assertWhole, isWhole } from './whole-answer.ts'

/** As with an agent: the more events a run has, the longer its replay takes. */
const mostEvents = 300
/** Passages of one activity: what is repeated when its worker dies. */
const passagesAtOnce = 256
/** How long whoever said that there is more is waited for before the agent is told of what there is. */
const moreWithin = '10 seconds'

/** A store or an endpoint that is away comes back, and attempts that failed are not in the history. */
const retry: RetryPolicy = { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' }
/** After about half an hour what is away is waited for anew; what is not has failed. */
const bounded: RetryPolicy = { ...retry, maximumAttempts: 40 }
/** A file over which each worker dies has failed before it has ended many of them. */
const boundedReading: RetryPolicy = { ...retry, maximumAttempts: 8 }
/** Of what changes documents: one that is asked to end says first what it has done, and the agent is told of that. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
const activities = proxyActivities<Pick<DocumentActivities, 'indexDocument' | 'finishDocument' | 'removeDocument'>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: liveness.besideHeartbeatTimeoutMs,
  cancellationType,
  retry: bounded,
})
/** Whatever the file, its worker's beat goes on: it is read in a thread of its own, which has bounds of its own. */
const reading = proxyActivities<Pick<DocumentActivities, 'readDocument' | 'loadSmallDocuments'>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: liveness.besideHeartbeatTimeoutMs,
  cancellationType,
  retry: boundedReading,
})
const looking = proxyActivities<Pick<DocumentActivities, 'nextDocuments'>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: liveness.besideHeartbeatTimeoutMs,
  retry,
})
/** These activities have no heartbeat. If their worker dies, they are done again after this time. */
const startToCloseTimeout = '30 seconds'
const short = proxyActivities<Pick<DocumentActivities, 'announceDocuments' | 'failDocuments'>>({ startToCloseTimeout, retry })
/** Of a workflow that is to end: where a store is away, it ends after some minutes all the same. */
const last = proxyActivities<Pick<DocumentActivities, 'announceDocuments'>>({ startToCloseTimeout, retry: { ...retry, maximumAttempts: 5 } })

export async function documents(progress: DocumentsProgress): Promise<void> {
  assertKnownProgress(progress)
  let wakes = 0
  // Whoever sends it by hand may forget what it says.
  setHandler(defineSignal<[Wake?]>(wakeSignal), (wake) => {
    wakes += 1
    progress.more = wake?.more === true
  })
  setHandler(defineQuery<DocumentsProgress>(progressQuery), () => progress)
  try {
    await untilDone(progress, () => wakes)
  } catch (error) {
    if (isCancellation(error)) await announceAtLast(progress)
    throw error
  }
}

/** Until nothing is left to do. `wakes` counts those who said that there is something. */
async function untilDone(progress: DocumentsProgress, wakes: () => number): Promise<void> {
  const { agentId } = progress
  for (;;) {
    setCurrentDetails(detailsOf(progress))
    // The memo is given anew: the stored bytes of the first run stay under the key that it began with.
    const { historyLength, continueAsNewSuggested, memo = {} } = workflowInfo()
    if ((historyLength > mostEvents || continueAsNewSuggested) && !isUnwanted()) return makeContinueAsNewFunc<typeof documents>({ memo, typedSearchAttributes: attributesOfHelper(agentId) })(progress)
    const known = wakes()
    const work = await looking.nextDocuments({ agentId })
    if (work !== null && !isWhole(work, { action: 'text', documents: 'list' })) continue
    if (work === null) {
      if (wakes() > known || (progress.more && (await condition(() => wakes() > known, moreWithin)))) continue
      await announce(progress)
      if (wakes() > known) continue
      return
    }
    if (work.action !== 'load') delete progress.current
    try {
      await handle(work, progress)
    } catch (error) {
      const { documents: given } = work
      if (given.length > 1 && timedOut(error) && patched('one-of-several')) await eachAlone(given, progress)
      else await fail(given, progress, error)
    }
  }
}

/** @throws ApplicationFailure `invalid-argument`, which fails the workflow: no version makes sense of it */
function assertKnownProgress(progress: unknown): asserts progress is DocumentsProgress {
  const { agentId } = (progress ?? {}) as Record<string, unknown>
  if (typeof agentId !== 'string') throw ApplicationFailure.nonRetryable('documents are loaded by a client, with a progress of its own; this is none', 'invalid-argument')
  assertOwnWorkflow(agentId, documentsWorkflowIdOf(agentId))
}

async function handle({ action, documents: [first, ...more] }: DocumentWork, progress: DocumentsProgress): Promise<void> {
  if (first === undefined) return
  if (action === 'load-small') await loadSmall([first, ...more], progress)
  else if (action === 'load') await load(first, progress)
  else {
    await activities.removeDocument(first)
    progress.removed += 1
  }
}

/** Each worker that loaded them was stopped, or took too long: one of them may be why, and the others are to be loaded all the same. */
async function eachAlone(given: readonly DocumentRef[], progress: DocumentsProgress): Promise<void> {
  for (const document of given) {
    try {
      await loadSmall([document], progress)
    } catch (error) {
      await fail([document], progress, error)
    }
  }
}

/** Somebody has cancelled the workflow. What it began may still come to its end. */
const isUnwanted = (): boolean => CancellationScope.current().consideredCancelled

const timedOut = (error: unknown): boolean => error instanceof ActivityFailure && error.cause instanceof TimeoutFailure

/** They have failed, by name, and the others go on. What a store or an endpoint that is away says is no failure: they are tried again. */
async function fail(failed: readonly DocumentRef[], progress: DocumentsProgress, error: unknown): Promise<void> {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
  // Temporal repeats no attempt once somebody wants the workflow cancelled: how the last one failed tells nothing of the document.
  if (isUnwanted()) throw new CancelledFailure('the loading was cancelled')
  const { cause } = error
  const type = cause instanceof ApplicationFailure ? (cause.type ?? '') : ''
  if ((passing as readonly string[]).includes(type)) return
  delete progress.current
  progress.failed += failed.length
  const code = errorCodes.find((known) => known === type) ?? 'document-broken'
  const detail = cause instanceof TimeoutFailure ? 'every worker that loaded it was stopped, or took too long' : messageOf(cause)
  await short.failDocuments({ documents: failed, code, detail: beginningOf(detail, detailCharacters) })
}

const passing = ['server-unavailable', 'store-full', 'wrong-stores', 'model-unreachable'] satisfies readonly ErrorCode[]
/** It is stored, and shown in lists. */
const detailCharacters = 2_000

async function loadSmall(small: readonly DocumentRef[], progress: DocumentsProgress): Promise<void> {
  const answer = await reading.loadSmallDocuments({ documents: small })
  assertWhole('loadSmallDocuments', answer, { loaded: 'number', failed: 'number', passages: 'number' })
  const { loaded, failed, passages } = answer
  progress.loaded += loaded
  progress.failed += failed
  progress.passages += passages
}

/** Goes on with the passages that an earlier run of the workflow has not come to. */
async function load(document: DocumentRef, progress: DocumentsProgress): Promise<void> {
  const { name, hash } = document
  if (progress.current?.name !== name || progress.current.hash !== hash) {
    progress.reading = name
    setCurrentDetails(detailsOf(progress))
    const read = await reading.readDocument(document).finally(() => delete progress.reading)
    assertWhole('readDocument', read, isWhole(read, { failed: 'text' }) ? {} : { chunks: 'number' })
    if ('failed' in read) {
      progress.failed += 1
      return
    }
    progress.current = { name, hash, chunks: read.chunks, done: 0 }
  }
  const { current } = progress
  while (current.done < current.chunks) {
    setCurrentDetails(detailsOf(progress))
    const to = Math.min(current.chunks, current.done + passagesAtOnce)
    await activities.indexDocument({ ...document, from: current.done, to })
    progress.passages += to - current.done
    current.done = to
    if (workflowInfo().historyLength > mostEvents) return
  }
  await activities.finishDocument({ ...document, chunks: current.chunks })
  delete progress.current
  progress.loaded += 1
}

/** The agent learns of it by an event. One whose workflow does not run finds it in its statistics. */
async function announce(progress: DocumentsProgress, { announceDocuments }: Pick<DocumentActivities, 'announceDocuments'> = short): Promise<void> {
  const { agentId, loaded, removed, told } = progress
  if (loaded + removed === 0) return
  const eventId = `documents-${workflowInfo().firstExecutionRunId}-${told}`
  const answer = await announceDocuments({ agentId, eventId, loaded, removed })
  try {
    assertWhole('announceDocuments', answer, { bytes: 'number' })
    await getExternalWorkflowHandle(workflowIdOf(agentId)).signal(handlerNames.eventSignal, { id: eventId, kind: 'upload', bytes: answer.bytes })
  } catch (error) {
    // Somebody has cancelled the workflow: it is told again, under the same id.
    if (isCancellation(error)) throw error
    log.warn('the agent was not told of its documents', { reason: messageOf(error) })
  }
  Object.assign(progress, { loaded: 0, failed: 0, removed: 0, passages: 0, told: told + 1 })
}

/** Whoever cancels the loading does not keep the agent from knowing what is there. What is away keeps the workflow from ending no longer than a few attempts take. */
async function announceAtLast(progress: DocumentsProgress): Promise<void> {
  try {
    await CancellationScope.nonCancellable(() => announce(progress, last))
  } catch (error) {
    log.warn('the agent was not told of its documents before their workflow was cancelled', { reason: messageOf(error) })
  }
}

function detailsOf({ agentId, loaded, failed, removed, passages, current, reading: read }: DocumentsProgress): string {
  return [
    `### Documents of ${agentId}`,
    current === undefined ? (read === undefined ? 'Looks for the next ones.' : 'Reads one.') : `Loads one of ${current.chunks} passages: ${current.done} are in.`,
    '',
    `${loaded} loaded with ${passages} passages, ${failed} failed, ${removed} removed.`,
  ].join('\n')
}
