import { Context } from '@temporalio/activity'
import type { DocumentActivities } from '../../protocol/documents.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { withFinalErrors } from '../final-errors.ts'
import { heartbeating } from '../heartbeating.ts'
import { embedderFailure, finalErrorOf, recordFailure } from './failed-document.ts'
import { createFinishDocument, createRemoveDocument } from './finish-document.ts'
import { createIndexDocument } from './index-document.ts'
import { createNextDocuments } from './next-documents.ts'
import { createReadDocument } from './read-document.ts'
import { createReader } from '../../documents/reader/create-reader.ts'

/** Of an activity that fails with what is no error of ours; they take about a minute. */
const attempts = 8

const isCancelled = (): boolean => Context.current().cancellationDetails?.cancelRequested === true

/** Names in an announcement; more are counted only. */
const namesTold = 20

/** The activities of loading that a worker registers. */
export function createDocumentActivities(dependencies: ActivityDependencies): DocumentActivities {
  return withFinalErrors(activitiesOf(dependencies), { attempts, failureOf: embedderFailure })
}

function activitiesOf(dependencies: ActivityDependencies): DocumentActivities {
  const { stores } = dependencies
  const { memory } = stores
  const next = createNextDocuments(stores)
  const read = createReadDocument(dependencies, createReader())
  const index = createIndexDocument(dependencies)
  const finish = createFinishDocument(dependencies)
  const remove = createRemoveDocument(dependencies)
  /** Tells the agent that there are documents, and how many. */
  const count = async (agentId: string): Promise<void> => memory.agents.setDocuments(agentId, await memory.documents.count(agentId))
  return {
    nextDocuments: (input) => heartbeating(dependencies, () => next(input)),
    loadSmallDocuments: ({ documents }) =>
      heartbeating(dependencies, async ({ ending: signal }) => {
        const sum = { loaded: 0, failed: 0, passages: 0 }
        for (const document of documents) {
          // The agent is told of those that are loaded. Whoever starts the loading again is given the others.
          if (isCancelled() && sum.loaded + sum.failed > 0) break
          signal.throwIfAborted()
          const { agentId, name, set } = document
          const stored = await memory.documents.get(agentId, name)
          if (stored?.set !== set || stored.status === 'removing') continue
          // Passages that an earlier attempt has stored are not embedded again.
          try {
            const outcome = stored.status === 'loaded' ? { chunks: stored.chunks ?? 0 } : await read(document, signal)
            if ('failed' in outcome) {
              sum.failed += 1
              continue
            }
            const { chunks } = outcome
            if (stored.status === 'waiting') await index({ ...document, from: 0, to: chunks }, signal)
            await finish({ ...document, chunks })
            sum.loaded += 1
            sum.passages += chunks
          } catch (error) {
            if (isCancelled() && sum.loaded + sum.failed > 0) break
            const final = signal.aborted ? undefined : finalErrorOf(error, { last: Context.current().info.attempt >= attempts })
            if (final === undefined) throw error
            await recordFailure(memory.documents, document, final)
            sum.failed += 1
          }
        }
        for (const agentId of new Set(documents.map((document) => document.agentId))) await count(agentId)
        return sum
      }),
    failDocuments: ({ documents, ...failure }) =>
      heartbeating(dependencies, async () => {
        for (const document of documents) await recordFailure(memory.documents, document, failure)
      }),
    readDocument: (document) => heartbeating(dependencies, ({ ending: signal }) => read(document, signal)),
    indexDocument: (range) => heartbeating(dependencies, ({ ending: signal }) => index(range, signal)),
    finishDocument: (document) =>
      heartbeating(dependencies, async () => {
        await finish(document)
        await count(document.agentId)
      }),
    removeDocument: (document) =>
      heartbeating(dependencies, async () => {
        await remove(document)
        await count(document.agentId)
      }),
    announceDocuments: async ({ agentId, eventId, loaded, removed }) => {
      const { total, documents } = await memory.documents.list(agentId, { offset: 0, limit: namesTold })
      const names = documents.filter(({ status }) => status === 'loaded').map(({ name }) => name)
      const changes = [...(loaded > 0 ? [`${loaded} loaded`] : []), ...(removed > 0 ? [`${removed} removed`] : [])].join(', ')
      const text = `Documents changed: ${changes}. There are ${total} now${total === 0 ? '' : `: ${names.join(', ')}${total > names.length ? ', …' : ''}`}. No answer is needed.`
      const { body } = await memory.events.deposit({ agentId, eventId, kind: 'upload', text, sentAt: new Date().toISOString() }, Context.current().info.taskQueue)
      return { bytes: Buffer.byteLength(body.text) }
    },
  }
}
