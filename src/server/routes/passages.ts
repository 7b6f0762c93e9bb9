import { z } from 'zod'
import { done, doneTo, foundPassages, passage } from '../answers/memory.ts'
import { list } from '../answers/parts.ts'
import { by, flag, limit, offset, several, time } from '../request/fields.ts'
import { agentErrors, route } from '../route.ts'
import { limits } from '../../protocol/limits.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const embedding = ['config-invalid', 'embedding-mismatch', 'model-refused', 'model-unreachable', 'model-error'] as const
const writeErrors = [...agentErrors, 'agent-archived', ...embedding] as const
const changeErrors = [...writeErrors, 'passage-unknown', 'passage-superseded'] as const
const ifEdits = z.int().min(0).optional().describe('only if it has been edited so many times still')

const text = z.strictObject({ text: z.string().meta({ minLength: 1, maxLength: limits.passageCharacters }), tags: list(z.string()).optional(), by })
const superseded = flag.describe('superseded ones too')
const repeated = ({ already }: { readonly already: boolean }): boolean => already
const commandOf = (given: { readonly tags?: readonly string[] | undefined; readonly by?: string | undefined }, commandId: string | undefined) =>
  withoutUndefined({ tags: given.tags, by: given.by, commandId })

export const passageRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/passages',
    operation: 'passages',
    summary: 'Archival memory, newest first, of one source or of all.',
    scope: 'memory:read',
    methods: ['passages'],
    query: z.strictObject({ source: z.string().optional(), offset, limit, superseded }),
    answer: z.object({ passages: list(passage) }),
    errors: agentErrors,
    handle: async ({ client, path, query }) => ({ passages: await client.passages(path.agent, withoutUndefined(query)) }),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/passages/search',
    operation: 'searchArchival',
    summary: 'Search archival memory by meaning and words together, best first; by words alone while the embedding model is away.',
    scope: 'memory:read',
    methods: ['searchArchival'],
    query: z.strictObject({ text: z.string().meta({ minLength: 1, maxLength: limits.queryCharacters }), tags: several, source: z.string().optional(), from: time, to: time, superseded, offset, limit }),
    answer: foundPassages,
    errors: [...agentErrors, 'config-invalid', 'embedding-mismatch'],
    handle: ({ client, path, query: { text: searched, ...query } }) => client.searchArchival(path.agent, { text: searched, ...withoutUndefined(query) }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/passages',
    operation: 'insertPassage',
    summary: 'Put a passage into archival memory.',
    scope: 'memory:write',
    methods: ['insertPassage'],
    idempotent: 'command',
    body: text,
    answer: doneTo,
    errors: writeErrors,
    statuses: [201],
    status: ({ already }) => (already ? 200 : 201),
    repeated,
    handle: ({ client, path, body, id }) => client.insertPassage(path.agent, body.text, commandOf(body, id)),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/passages/{op}',
    operation: 'passage',
    summary: 'One passage by its operation id, superseded or not. A `/` in the id is written `%2F`.',
    scope: 'memory:read',
    methods: ['passage'],
    answer: passage,
    errors: [...agentErrors, 'passage-unknown'],
    handle: ({ client, path }) => client.passage(path.agent, path.op),
  }),
  route({
    method: 'PATCH',
    path: '/agents/{agent}/passages/{op}',
    operation: 'editPassage',
    summary: 'Correct a passage. What it said before is gone.',
    scope: 'memory:write',
    methods: ['editPassage'],
    idempotent: 'command',
    body: text.extend({ ifEdits }),
    answer: done,
    errors: [...changeErrors, 'passage-conflict'],
    repeated,
    handle: ({ client, path, body, id }) => client.editPassage(path.agent, path.op, body.text, withoutUndefined({ ...commandOf(body, id), ifEdits: body.ifEdits })),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/passages/{op}/supersede',
    operation: 'supersedePassage',
    summary: 'Put a new passage in the place of one that no longer holds; the former is kept.',
    scope: 'memory:write',
    methods: ['supersedePassage'],
    idempotent: 'command',
    body: text,
    answer: doneTo,
    errors: changeErrors,
    repeated,
    handle: ({ client, path, body, id }) => client.supersedePassage(path.agent, path.op, body.text, commandOf(body, id)),
  }),
  route({
    method: 'DELETE',
    path: '/agents/{agent}/passages/{op}',
    operation: 'deletePassage',
    summary: 'Delete a passage, for good.',
    scope: 'memory:write',
    methods: ['deletePassage'],
    idempotent: 'command',
    query: z.strictObject({ by }),
    answer: done,
    errors: [...agentErrors, 'agent-archived', 'passage-unknown'],
    repeated,
    handle: ({ client, path, query, id }) => client.deletePassage(path.agent, path.op, commandOf(query, id)),
  }),
]
