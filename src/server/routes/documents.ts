import { z } from 'zod'
import { limits } from '../../protocol/limits.ts'
import { document, loadResult } from '../answers/memory.ts'
import { list } from '../answers/parts.ts'
import { limit, offset } from '../request/fields.ts'
import { route, workflowErrors } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

/** A form is held in memory as a whole, so it may have little more than the largest file. */
const bodyBytes = limits.documentBytes + 1024 * 1024

export const documentRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/documents',
    operation: 'documents',
    summary: 'The documents that were given over, by name, with how far each is.',
    scope: 'memory:read',
    methods: ['documents'],
    query: z.strictObject({ offset, limit }),
    answer: z.object({ total: z.number(), documents: list(document) }),
    errors: ['agent-unknown', 'agent-archived'],
    handle: ({ client, path, query }) => client.documents(path.agent, withoutUndefined(query)),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/documents',
    operation: 'loadDocuments',
    summary: 'Load the files of a form into archival memory, and wait until they are in. A file that was given over is loaded though nobody waits.',
    scope: 'memory:write',
    methods: ['loadDocuments'],
    files: true,
    bodyBytes,
    answer: loadResult,
    errors: workflowErrors,
    handle: ({ client, path, files, signal }) => client.loadDocuments(path.agent, files, { signal }),
  }),
  route({
    method: 'DELETE',
    path: '/agents/{agent}/documents/{name}',
    operation: 'unloadDocuments',
    summary: 'Take a document out of archival memory, with its passages. A `/` in the name is written `%2F`.',
    scope: 'memory:write',
    methods: ['unloadDocuments'],
    answer: loadResult,
    errors: workflowErrors,
    handle: ({ client, path, signal }) => client.unloadDocuments(path.agent, [path.name], { signal }),
  }),
]
