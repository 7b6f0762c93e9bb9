import { z } from 'zod'
import { agentStatuses } from '../../client/agent-status.ts'
import { agentInput } from '../../definition/agent-input.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { agentIdPattern } from '../../protocol/ids.ts'
import { limits } from '../../protocol/limits.ts'
import { agent, agentPage } from '../answers/agent.ts'
import { list } from '../answers/parts.ts'
import { flag, largeBodyBytes, limit } from '../request/fields.ts'
import { agentErrors, route, workflowErrors, type NewAgents } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const newAgent = agentInput.extend({ id: agentInput.shape.id.meta({ pattern: agentIdPattern.source, maxLength: limits.agentIdCharacters }), model: agentInput.shape.model.unwrap().optional(), contextWindow: agentInput.shape.contextWindow.unwrap().optional() }).meta({ id: 'NewAgent' })
const importedMessage = z.strictObject({ role: z.enum(['user', 'assistant']), text: z.string(), at: z.string().describe('ISO 8601, never before the message before it') })

const withDefaults = (given: z.output<typeof newAgent>, { model, contextWindow }: NewAgents) => ({ ...given, model: given.model ?? model, contextWindow: given.contextWindow ?? contextWindow })

const creationErrors = ['agent-exists', 'agent-archived', 'definition-too-large', 'block-private', 'block-too-large', 'tool-unknown'] as const

export const agentRoutes = [
  route({
    method: 'POST',
    path: '/agents',
    operation: 'create',
    summary: 'Create an agent. The same definition again changes nothing.',
    scope: 'agents:write',
    methods: ['create'],
    body: newAgent,
    bodyBytes: largeBodyBytes,
    answer: z.object({ created: z.boolean(), agent }),
    errors: creationErrors,
    statuses: [201],
    status: ({ created }) => (created ? 201 : 200),
    handle: ({ client, body, newAgents }) => client.create(withDefaults(body, newAgents)),
  }),
  route({
    method: 'GET',
    path: '/agents',
    operation: 'list',
    summary: 'A page of the agents that match.',
    scope: 'agents:read',
    methods: ['list'],
    query: z.strictObject({
      tag: z.string().optional(),
      model: z.string().optional(),
      status: z.enum(agentStatuses).optional(),
      after: z.string().optional().meta({ minLength: 1, description: '`next` of the page before' }),
      limit,
      counts: flag.describe('count the messages of each'),
      statuses: flag.describe('say the status of each'),
    }),
    answer: agentPage,
    errors: [],
    handle: ({ client, query }) => client.list(withoutUndefined(query)),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}',
    operation: 'get',
    summary: 'An agent with its definition.',
    scope: 'agents:read',
    methods: ['get'],
    answer: agent,
    errors: agentErrors,
    handle: async ({ client, path }) => {
      const found = await client.get(path.agent)
      if (found !== undefined) return found
      throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(path.agent)}; GET /api/v1/agents lists them, and POST makes one`)
    },
  }),
  route({
    method: 'DELETE',
    path: '/agents/{agent}',
    operation: 'delete',
    summary: 'End an agent and delete all that is stored of it. Its name is free again.',
    scope: 'agents:write',
    methods: ['delete'],
    idempotent: 'command',
    answer: z.object({ deleted: z.literal(true) }),
    errors: workflowErrors,
    handle: async ({ client, path, id, signal }) => {
      await client.delete(path.agent, { commandId: id, signal })
      return { deleted: true as const }
    },
  }),
  route({
    method: 'POST',
    path: '/imports',
    operation: 'importConversation',
    summary: 'Create an agent that remembers a conversation which took place elsewhere.',
    scope: 'agents:write',
    methods: ['importConversation'],
    body: z.strictObject({ agent: newAgent, messages: list(importedMessage) }),
    bodyBytes: largeBodyBytes,
    answer: z.object({ agent, messages: z.number() }),
    errors: [...creationErrors, 'message-empty', 'message-too-large'],
    handle: ({ client, body: { agent: given, messages }, newAgents }) => {
      if (messages.length === 0) throw invalidArgument('there are no messages to import')
      return client.importConversation(withDefaults(given, newAgents), messages)
    },
  }),
]
