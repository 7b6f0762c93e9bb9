import { z } from 'zod'
import { block, blockVersion } from '../answers/memory.ts'
import { list } from '../answers/parts.ts'
import { by, flag, limit } from '../request/fields.ts'
import { agentErrors, route, workflowErrors } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const ifVersion = z.int().min(0).optional().describe('only if this version is the present one still; 0: it was not written yet')

export const blockRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/blocks',
    operation: 'blocks',
    summary: 'Core memory as it is now.',
    scope: 'memory:read',
    methods: ['blocks', 'blocksAsSeen'],
    query: z.strictObject({ asSeen: flag.describe('as the model saw it at its last inference; needs a worker') }),
    answer: z.object({ blocks: list(block) }),
    errors: workflowErrors,
    handle: async ({ client, path, query }) => ({ blocks: await (query.asSeen === true ? client.blocksAsSeen(path.agent) : client.blocks(path.agent)) }),
  }),
  route({
    method: 'PUT',
    path: '/agents/{agent}/blocks/{label}',
    operation: 'editBlock',
    summary: 'Set a block\'s value, also a read-only one\'s. The agent sees it at its next step.',
    scope: 'memory:write',
    methods: ['editBlock'],
    idempotent: 'command',
    body: z.strictObject({ value: z.string(), author: by, ifVersion }),
    answer: blockVersion,
    errors: [...agentErrors, 'agent-archived', 'block-unknown', 'block-too-large', 'block-conflict'],
    handle: ({ client, path, body: { value, ...body }, id }) => client.editBlock(path.agent, path.label, value, withoutUndefined({ ...body, commandId: id })),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/blocks/{label}/history',
    operation: 'blockHistory',
    summary: 'The versions of a block, newest first.',
    scope: 'memory:read',
    methods: ['blockHistory'],
    query: z.strictObject({ limit }),
    answer: z.object({ versions: list(blockVersion) }),
    errors: [...agentErrors, 'agent-archived', 'block-unknown'],
    handle: async ({ client, path, query }) => ({ versions: await client.blockHistory(path.agent, path.label, query.limit) }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/blocks/{label}/undo',
    operation: 'undoBlock',
    summary: 'Go back to the version before the present one, or to another one.',
    scope: 'memory:write',
    methods: ['undoBlock'],
    idempotent: 'command',
    body: z.strictObject({ to: z.int().min(0).optional(), author: by, ifVersion }).default({}),
    answer: blockVersion,
    errors: [...agentErrors, 'agent-archived', 'block-unknown', 'block-conflict', 'nothing-to-undo'],
    handle: ({ client, path, body, id }) => client.undoBlock(path.agent, path.label, withoutUndefined({ ...body, commandId: id })),
  }),
]
