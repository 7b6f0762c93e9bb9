import { z } from 'zod'
import { agentChanges } from '../../definition/agent-changes.ts'
import { nextBefore } from '../../client/definition-page.ts'
import { definitionChange, definitionVersion } from '../answers/agent.ts'
import { list } from '../answers/parts.ts'
import { by, largeBodyBytes, limit, number, numeric } from '../request/fields.ts'
import { agentErrors, route, workflowErrors } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const changeErrors = [...workflowErrors, 'block-unknown', 'block-label-taken', 'block-private', 'block-too-large', 'definition-too-large', 'tool-unknown', 'definition-conflict'] as const

export const definitionRoutes = [
  route({
    method: 'PATCH',
    path: '/agents/{agent}',
    operation: 'update',
    summary: 'Change the definition of a living agent: its next version, in force from its next step on.',
    scope: 'agents:write',
    methods: ['update'],
    idempotent: 'command',
    query: z.strictObject({ ifVersion: number.describe('only if this version is in force still'), author: by }),
    body: agentChanges.meta({ id: 'AgentChanges' }),
    bodyBytes: largeBodyBytes,
    answer: definitionChange,
    errors: changeErrors,
    handle: ({ client, path, query, body, id, signal }) => client.update(path.agent, body, withoutUndefined({ ...query, commandId: id, signal })),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/definitions',
    operation: 'definitions',
    summary: 'The versions of the definition, newest first, in pages of 4 MiB at most.',
    scope: 'agents:read',
    methods: ['definitions'],
    query: z.strictObject({ limit, before: number.describe('only versions below this number') }),
    answer: z.object({ definitions: list(definitionVersion), next: z.number().optional().describe('the value of `before` that gets the next page; absent on the last page') }),
    errors: agentErrors,
    handle: async ({ client, path, query }) => {
      const definitions = await client.definitions(path.agent, withoutUndefined(query))
      return { definitions, ...withoutUndefined({ next: nextBefore(definitions) }) }
    },
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/definitions/compare',
    operation: 'compareDefinitions',
    summary: 'The fields in which two versions differ.',
    scope: 'agents:read',
    methods: ['compareDefinitions'],
    query: z.strictObject({ before: numeric(z.int().min(1)), after: number.describe('default: the one in force') }),
    answer: z.object({ differences: list(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })) }),
    errors: agentErrors,
    handle: async ({ client, path, query: { before, after } }) => ({
      differences: await client.compareDefinitions(path.agent, { before, ...(after !== undefined && { after }) }),
    }),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/definitions/undo',
    operation: 'undoDefinition',
    summary: 'Make a new version that equals an earlier one.',
    scope: 'agents:write',
    methods: ['undoDefinition'],
    idempotent: 'command',
    body: z.strictObject({ to: z.int().min(1).optional().describe('default: the one before the present'), author: by, ifVersion: z.int().min(1).optional().describe('only if this version is in force still') }).default({}),
    answer: definitionChange,
    errors: [...changeErrors, 'nothing-to-undo'],
    handle: ({ client, path, body, id, signal }) => client.undoDefinition(path.agent, withoutUndefined({ ...body, commandId: id, signal })),
  }),
]
