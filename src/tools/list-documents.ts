import { z } from 'zod'
import type { StoredDocument } from '../protocol/documents.ts'
import { page as pageArgument } from './arguments.ts'
import { defineTool } from './tool.ts'

const pageSize = 20

/** Offered where an agent has documents. */
export const listDocuments = defineTool({
  name: 'list_documents',
  description: 'List the documents you have, by name, with their pages. Their text is in archival memory: search it there with source = name, or read on with open_document.',
  schema: z.object({ page: pageArgument }),
  policy: { placement: 'local', idempotent: true },
  async run({ page = 1 }, { agentId, stores }) {
    const { total, documents } = await stores.memory.documents.list(agentId, { offset: (page - 1) * pageSize, limit: pageSize })
    if (documents.length === 0) return total === 0 ? 'There are no documents.' : `There is no page ${page}: there are ${total} documents, ${pageSize} on a page.`
    return [`${total} documents (page ${page} of ${Math.ceil(total / pageSize)})`, ...documents.map(line)].join('\n')
  },
})

function line({ name, status, format, pages, chunks, detail }: StoredDocument): string {
  if (status === 'failed') return `${name}: could not be read (${detail ?? 'no reason is known'})`
  if (status !== 'loaded') return `${name}: ${status === 'removing' ? 'is being removed' : 'is being loaded'}`
  return `${name}: ${format ?? 'text'}, ${pages === undefined ? '' : `${pages} pages, `}${chunks ?? 0} passages`
}
