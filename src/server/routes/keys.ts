import { z } from 'zod'
import { scopes } from '../../protocol/scopes.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'
import { isoTime, list } from '../answers/parts.ts'
import { limit, offset } from '../request/fields.ts'
import { route } from '../route.ts'

const accessKey = z
  .object({
    id: z.string(),
    tenant: z.string().optional().describe('whose agents it opens; absent: those of the default tenant'),
    name: z.string(),
    scopes: list(z.enum(scopes)),
    createdAt: isoTime,
    expiresAt: isoTime.optional(),
    lastUsedAt: isoTime.optional().describe('ISO 8601, to a minute'),
    revokedAt: isoTime.optional(),
  })
  .meta({ id: 'AccessKey' })

export const keyRoutes = [
  route({
    method: 'POST',
    path: '/keys',
    operation: 'createAccessKey',
    summary: 'Make a key of the same tenant for a program that asks here. `key` is told once. From the first key on nobody is answered without one.',
    scope: 'admin',
    methods: ['createAccessKey'],
    body: z.strictObject({
      name: z.string().describe('what it is for'),
      scopes: list(z.enum(scopes)),
      expiresAt: z.string().optional().describe('ISO 8601; absent: it does not expire'),
    }),
    answer: z.object({ key: z.string().describe('to be sent as `Authorization: Bearer`'), accessKey }),
    errors: [],
    statuses: [201],
    status: () => 201,
    handle: async ({ client, body, keys }) => {
      const made = await client.createAccessKey(withoutUndefined(body))
      keys.keyMade()
      return made
    },
  }),
  route({
    method: 'GET',
    path: '/keys',
    operation: 'accessKeys',
    summary: 'The keys of the tenant, the newest first, without their secrets.',
    scope: 'admin',
    methods: ['accessKeys'],
    query: z.strictObject({ offset, limit }),
    answer: z.object({ keys: list(accessKey) }),
    errors: [],
    handle: async ({ client, query }) => ({ keys: await client.accessKeys(withoutUndefined(query)) }),
  }),
  route({
    method: 'DELETE',
    path: '/keys/{key}',
    operation: 'revokeAccessKey',
    summary: 'Revoke a key, for good. Every server refuses it within five seconds.',
    scope: 'admin',
    methods: ['revokeAccessKey'],
    answer: accessKey,
    errors: ['access-key-unknown'],
    handle: ({ client, path }) => client.revokeAccessKey(path.key),
  }),
]
