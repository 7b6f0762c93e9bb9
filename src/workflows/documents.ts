/**
 * Loads a set of documents into an agent's archival memory, or takes them out. A workflow of its own, so that loading a library does
 * not hold its agent up. It knows names and counts; contents are the activities' business.
 */
import { continueAsNew, defineQuery, getExternalWorkflowHandle, log, proxyActivities, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import { progressQuery, type DocumentActivities, type DocumentRef, type DocumentsProgress } from '../protocol/documents.ts'
import { messageOf } from '../protocol/errors.ts'
import { handlerNames } from '../protocol/handlers.ts'
import { workflowIdOf } from '../protocol/ids.ts'

/** As with an agent: a run that is replayed costs by its events. */
const mostEvents = 300
/** Passages of one activity: what is repeated when its worker dies. */
const passagesAtOnce = 256

const activities = proxyActivities<DocumentActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '6 seconds',
  // A store or an endpoint that is away comes back; a load waits for it as long as it takes.
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
})
/** Short ones do not beat. */
const short = proxyActivities<DocumentActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
})

export async function documents(progress: DocumentsProgress): Promise<DocumentsProgress> {
  setHandler(defineQuery<DocumentsProgress>(progressQuery), () => progress)
  const { agentId, set } = progress
  for (;;) {
    setCurrentDetails(detailsOf(progress))
    const { historyLength, continueAsNewSuggested } = workflowInfo()
    if (historyLength > mostEvents || continueAsNewSuggested) return continueAsNew<typeof documents>(progress)
    const next = await short.nextDocument({ agentId, set })
    if (next === null) break
    if (next.action === 'remove') {
      await short.removeDocument(next)
      progress.removed += 1
    } else if ((await load(next, progress)) === 'interrupted') return continueAsNew<typeof documents>(progress)
  }
  if (progress.loaded + progress.removed > 0) await announce(progress)
  return progress
}

/** Goes on with the passages that an earlier run of the workflow has not come to. */
async function load(document: DocumentRef, progress: DocumentsProgress): Promise<'done' | 'interrupted'> {
  if (progress.current?.name !== document.name) {
    const read = await activities.readDocument(document)
    if ('failed' in read) {
      progress.failed += 1
      return 'done'
    }
    progress.current = { name: document.name, chunks: read.chunks, done: 0 }
  }
  const { current } = progress
  while (current.done < current.chunks) {
    setCurrentDetails(detailsOf(progress))
    const to = Math.min(current.chunks, current.done + passagesAtOnce)
    await activities.indexDocument({ ...document, from: current.done, to })
    progress.passages += to - current.done
    current.done = to
    if (workflowInfo().historyLength > mostEvents) return 'interrupted'
  }
  await short.finishDocument({ ...document, set: progress.set, chunks: current.chunks })
  delete progress.current
  progress.loaded += 1
  return 'done'
}

/** The agent learns of it by an event. One whose workflow does not run finds it in its statistics. */
async function announce({ agentId, set, loaded, removed }: DocumentsProgress): Promise<void> {
  const { eventId, bytes } = await short.announceDocuments({ agentId, set, loaded, removed })
  try {
    await getExternalWorkflowHandle(workflowIdOf(agentId)).signal(handlerNames.eventSignal, { id: eventId, kind: 'upload', bytes })
  } catch (error) {
    log.warn('the agent was not told of its documents', { reason: messageOf(error) })
  }
}

function detailsOf({ agentId, loaded, failed, removed, passages, current }: DocumentsProgress): string {
  return [
    `### Documents of ${agentId}`,
    current === undefined ? 'Looks for the next one.' : `Loads one of ${current.chunks} passages: ${current.done} are in.`,
    '',
    `${loaded} loaded with ${passages} passages, ${failed} failed, ${removed} removed.`,
  ].join('\n')
}
