import { z } from 'zod'
import { timer } from '../answers/view.ts'
import { list } from '../answers/parts.ts'
import { route, workflowErrors } from '../route.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'

const scheduled = timer.omit({ text: true }).meta({ id: 'ScheduledTimer' })

export const timerRoutes = [
  route({
    method: 'GET',
    path: '/agents/{agent}/timers',
    operation: 'timers',
    summary: 'The timers that wait with their texts, the next due first. Without the texts they stand in the state.',
    scope: 'memory:read',
    methods: ['timers'],
    answer: z.object({ timers: list(timer) }),
    errors: workflowErrors,
    handle: async ({ client, path }) => ({ timers: await client.timers(path.agent) }),
  }),
  route({
    method: 'PUT',
    path: '/agents/{agent}/timers/{timer}',
    operation: 'schedule',
    summary: 'Wake the agent at a time, once or repeatedly, with a text. The same timer again changes nothing.',
    scope: 'messages',
    methods: ['schedule'],
    body: z.strictObject({
      text: z.string(),
      at: z.string().optional().describe('ISO 8601; either this or `afterMs`'),
      afterMs: z.number().optional().describe('milliseconds from now'),
      everyMs: z.number().optional().describe('milliseconds between two firings, 1,000 at least'),
      times: z.int().optional().describe('how often it comes due, with `everyMs`'),
      replace: z.boolean().optional().describe('in the place of another timer of the same id'),
    }),
    answer: z.object({ status: z.enum(['scheduled', 'unchanged', 'replaced']), timer: scheduled }),
    errors: [...workflowErrors, 'timer-conflict', 'timers-full', 'message-empty', 'message-too-large'],
    handle: ({ client, path, body: { text, ...given } }) => client.schedule(path.agent, { id: path.timer, text, ...withoutUndefined(given) }),
  }),
  route({
    method: 'DELETE',
    path: '/agents/{agent}/timers/{timer}',
    operation: 'unschedule',
    summary: 'Take a timer away. `removed` is false if there was none.',
    scope: 'messages',
    methods: ['unschedule'],
    idempotent: 'command',
    answer: z.object({ removed: z.boolean() }),
    errors: workflowErrors,
    handle: async ({ client, path, id, signal }) => ({ removed: await client.unschedule(path.agent, path.timer, withoutUndefined({ commandId: id, signal })) }),
  }),
]
