import type { DocumentActivities } from '../../protocol/documents.ts'
import type { ActivityDependencies } from '../dependencies.ts'
import { storedAgent } from '../stored-agent.ts'
import { createFinishDocument, createRemoveDocument } from './finish-document.ts'
import { createIndexDocument } from './index-document.ts'
import { createReadDocument } from './read-document.ts'

/** Names in an announcement; more are counted only. */
const namesTold = 20

export function createDocumentActivities(dependencies: ActivityDependencies): DocumentActivities {
  const { memory } = dependencies.stores
  return {
    nextDocument: async ({ agentId, set }) => {
      await storedAgent(memory, agentId)
      const document = await memory.documents.next(agentId, set)
      if (document === undefined) return null
      const { name, hash, status } = document
      return { agentId, name, hash, action: status === 'removing' ? 'remove' : 'load' }
    },
    readDocument: createReadDocument(dependencies),
    indexDocument: createIndexDocument(dependencies),
    finishDocument: createFinishDocument(dependencies),
    removeDocument: createRemoveDocument(dependencies),
    announceDocuments: async ({ agentId, set, loaded, removed }) => {
      const { total, documents } = await memory.documents.list(agentId, { offset: 0, limit: namesTold })
      const names = documents.filter(({ status }) => status === 'loaded').map(({ name }) => name)
      const changes = [...(loaded > 0 ? [`${loaded} loaded`] : []), ...(removed > 0 ? [`${removed} removed`] : [])].join(', ')
      const text = `Documents changed: ${changes}. There are ${total} now: ${names.join(', ')}${total > names.length ? ', …' : ''}. No answer is needed.`
      const eventId = `documents-${set}`
      const body = await memory.events.put({ agentId, eventId, kind: 'upload', text, sentAt: new Date().toISOString() })
      return { eventId, bytes: Buffer.byteLength(body.text) }
    },
  }
}
