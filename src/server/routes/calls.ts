import { z } from 'zod'
import { isoTime, json, list } from '../answers/parts.ts'
import { by } from '../request/fields.ts'
import { route, workflowErrors } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const call = z
  .object({
    op: z.string().describe('names the call, and is the idempotency key for whoever runs it'),
    name: z.string(),
    for: z.enum(['approval', 'client']),
    arguments: json,
    thoughts: z.string(),
    eventId: z.string(),
    since: isoTime,
    until: isoTime,
  })
  .meta({ id: 'CallToAnswer' })

const answer = z.object({ already: z.boolean().describe('the same answer had been given before') })
const answerErrors = [...workflowErrors, 'call-unknown', 'call-answered', 'message-too-large'] as const

export const callRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/calls',
    operation: 'waiting',
    summary: 'The calls that wait for a person\'s approval, or for a result from a program that talks to the agent. With `messages` alone only the latter, without the agent\'s thoughts.',
    scope: ['approve', 'messages'],
    methods: ['waiting'],
    answer: z.object({ calls: list(call) }),
    errors: workflowErrors,
    handle: async ({ client, path, may }) => {
      const calls = await client.waiting(path.agent)
      return { calls: may('approve') ? calls : calls.filter((waiting) => waiting.for === 'client').map((waiting) => ({ ...waiting, thoughts: '' })) }
    },
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/calls/{op}/approve',
    operation: 'approve',
    summary: 'Let a call run, if need be with other arguments. A `/` in its id is written `%2F`.',
    scope: 'approve',
    methods: ['approve'],
    body: z.strictObject({ arguments: json.optional().describe('all of them, in place of the model\'s'), by }).default({}),
    answer,
    errors: [...answerErrors, 'tool-arguments'],
    repeated: ({ already }) => already,
    handle: ({ client, path, body }) => client.approve(path.agent, path.op, withoutUndefined(body)),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/calls/{op}/refuse',
    operation: 'refuse',
    summary: 'A call is not run; the model reads why.',
    scope: 'approve',
    methods: ['refuse'],
    body: z.strictObject({ reason: z.string().optional().describe('for the model'), by }).default({}),
    answer,
    errors: answerErrors,
    repeated: ({ already }) => already,
    handle: ({ client, path, body }) => client.refuse(path.agent, path.op, withoutUndefined(body)),
  }),
  route({
    method: 'POST',
    path: '/agents/{agent}/calls/{op}/result',
    operation: 'answerCall',
    summary: 'The result of a call that runs at a program that talks to the agent.',
    scope: 'messages',
    methods: ['answerCall'],
    body: z.strictObject({ text: z.string().describe('for the model'), ok: z.boolean().optional().describe('false: the call failed; default true'), by }),
    answer,
    errors: answerErrors,
    repeated: ({ already }) => already,
    handle: ({ client, path, body: { text, ...given } }) => client.answerCall(path.agent, path.op, { text, ...withoutUndefined(given) }),
  }),
]
