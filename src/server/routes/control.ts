import { z } from 'zod'
import type { AgentCommand } from '../../protocol/commands.ts'
import { list } from '../answers/parts.ts'
import { messageList } from '../answers/message.ts'
import { agentView, agentWorkflow } from '../answers/view.ts'
import { agentErrors, route, workflowErrors, type RouteRequest } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const commandAnswer = z.object({ status: z.literal('done'), detail: z.string() }).meta({ id: 'CommandDone' })
const commandErrors = [...workflowErrors, 'agent-parked', 'checkpoint-unknown', 'nothing-to-undo'] as const
/** What the agent does between two of its turns. */
const command = { methods: ['command'], idempotent: 'command', answer: commandAnswer, errors: commandErrors } as const
type Asked = Pick<RouteRequest<'command', '{agent}', unknown, unknown>, 'client' | 'path' | 'id' | 'signal'>
const give = async ({ client, path, id, signal }: Asked, given: AgentCommand) => {
  const { detail } = await client.command(path.agent, given, { commandId: id, signal })
  return { status: 'done' as const, detail }
}
const checkpoint = z.strictObject({ name: z.string() })

export const controlRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/state',
    operation: 'state',
    summary: 'What the agent does now: status, mailbox, pressure, counters, what fails and is tried again. No conversation text.',
    scope: 'agents:read',
    methods: ['state'],
    answer: agentView,
    errors: workflowErrors,
    handle: ({ client, path }) => client.state(path.agent),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/context',
    operation: 'context',
    summary: 'The messages in the agent\'s context now, oldest first.',
    scope: 'memory:read',
    methods: ['context'],
    answer: messageList,
    errors: workflowErrors,
    handle: async ({ client, path }) => ({ messages: await client.context(path.agent) }),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/workflow',
    operation: 'workflow',
    summary: 'The workflow that the agent is, for an operator. `url` is its page in Temporal\'s Web UI, where the server knows of one. A tenant is told of none.',
    scope: 'agents:read',
    methods: ['workflow'],
    answer: z.object({ workflow: agentWorkflow.optional() }),
    errors: agentErrors,
    handle: async ({ client, path }) => withoutUndefined({ workflow: await client.workflow(path.agent) }),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/counts',
    operation: 'counts',
    summary: 'How many messages recall memory has, and how many passages archival memory.',
    scope: 'memory:read',
    methods: ['counts'],
    answer: z.object({ recall: z.number(), archival: z.number() }),
    errors: agentErrors,
    handle: ({ client, path }) => client.counts(path.agent),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/cancel',
    operation: 'cancel',
    summary: 'Stop the running turn; what was finished is kept. `cancelled` is false if none ran.',
    scope: 'messages',
    methods: ['cancel'],
    idempotent: 'command',
    body: z.strictObject({ turn: z.int().min(1).optional().describe('only this turn; default: the one that runs') }).default({}),
    answer: z.object({ cancelled: z.boolean() }),
    errors: workflowErrors,
    handle: async ({ client, path, body, id, signal }) => ({ cancelled: await client.cancel(path.agent, withoutUndefined({ ...body, commandId: id, signal })) }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/resume',
    operation: 'resume',
    summary: 'Let a parked agent try again; a window that the endpoint has named is forgotten, parked or not. `resumed` is false if it was not parked.',
    scope: 'messages',
    methods: ['resume'],
    idempotent: 'command',
    answer: z.object({ resumed: z.boolean() }),
    errors: workflowErrors,
    handle: async ({ client, path, id, signal }) => ({ resumed: await client.resume(path.agent, withoutUndefined({ commandId: id, signal })) }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/recover',
    operation: 'recover',
    summary: 'See to it that the agent\'s workflow runs, and knows all that the stores know.',
    scope: 'admin',
    methods: ['recover'],
    answer: z.object({ recovery: z.enum(['started', 'asked', 'well']) }),
    errors: workflowErrors,
    handle: async ({ client, path }) => ({ recovery: await client.recover(path.agent) }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/archive',
    operation: 'archive',
    summary: 'End the agent\'s workflow and keep its memory; the name stays taken.',
    scope: 'agents:write',
    ...command,
    handle: (request) => give(request, { type: 'archive', erase: false }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/pop',
    operation: 'pop',
    summary: 'Take the last exchange out of the context; recall memory keeps it, marked.',
    scope: 'memory:write',
    ...command,
    handle: (request) => give(request, { type: 'pop' }),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/checkpoints',
    operation: 'checkpoints',
    summary: 'What was kept, and when.',
    scope: 'memory:read',
    methods: ['checkpoints'],
    answer: z.object({ checkpoints: list(z.object({ name: z.string(), at: z.string() })) }),
    errors: agentErrors,
    handle: async ({ client, path }) => ({ checkpoints: await client.checkpoints(path.agent) }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/checkpoints',
    operation: 'save',
    summary: 'Keep queue, summary and core memory under a name.',
    scope: 'memory:write',
    ...command,
    body: checkpoint,
    handle: (request) => give(request, { type: 'save', name: request.body.name }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/checkpoints/load',
    operation: 'load',
    summary: 'Go back to a checkpoint; what came since stays in recall memory.',
    scope: 'memory:write',
    ...command,
    body: checkpoint,
    handle: (request) => give(request, { type: 'load', name: request.body.name }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/renew',
    operation: 'renew',
    summary: 'Go on in a new run, all of which is encrypted under the current key.',
    scope: 'admin',
    ...command,
    handle: (request) => give(request, { type: 'renew' }),
  }),
]
