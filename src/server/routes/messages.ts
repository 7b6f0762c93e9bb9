import { z } from 'zod'
import { PerdureError } from '../../protocol/errors.ts'
import { eventKinds } from '../../protocol/events.ts'
import { limits } from '../../protocol/limits.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'
import { clientToolInput } from '../../definition/define-waiting.ts'
import { placeOfId } from '../../client/watch/place.ts'
import { foundMessages, messagePage } from '../answers/message.ts'
import { messagePageOf } from '../message-page.ts'
import { turnEvent } from '../answers/turn-event.ts'
import { accepted, turnResult } from '../answers/turn.ts'
import { flag, limit, number, numeric, offset, severalOf, time } from '../request/fields.ts'
import { agentErrors, route, workflowErrors } from '../route.ts'
import { longestWaitSeconds, usualWaitSeconds, within } from '../within.ts'
import { repliesOf } from '../streams/replies-of.ts'
import { agentEvents, assertSameAgent, eventsOfTurn, serverSentOf } from '../streams/turn-events.ts'

const waitSeconds = numeric(z.number().min(0).max(longestWaitSeconds)).optional().describe(`how long to wait for the turn, at most ${longestWaitSeconds}; default ${usualWaitSeconds}. After it the answer is 202, and the turn goes on; a message that no worker has accepted by then, and within five seconds at least, is refused`)
const until = z.enum(['parked', 'end']).optional().describe('`end`: wait for the turn\'s real end, through every park; default `parked`')

const sendErrors = [...workflowErrors, 'message-empty', 'message-too-large', 'mailbox-full', 'event-conflict', 'tool-conflict'] as const

const messageBody = z.strictObject({
  text: z.string(),
  kind: z.enum(eventKinds).optional().describe('default `user-message`'),
  clientTools: z.array(clientToolInput).optional().describe('tools that run at the sender, for this turn only'),
})

const eventOf = ({ kind, clientTools }: z.output<typeof messageBody>, eventId: string) => ({ ...withoutUndefined({ kind, clientTools: clientTools?.map(withoutUndefined) }), eventId })

const turnOrAccepted = z.union([turnResult, accepted])

export const messageRoutes = [
  route({
    method: 'POST',
    path: '/agents/{agent}/messages',
    operation: 'send',
    summary: 'Send a message, and wait for its turn\'s end, or until the agent parks. `Idempotency-Key` is the event\'s id: the same again is the same turn. As a stream, without `memory:read`, it tells replies, and no thoughts, calls or results.',
    scope: 'messages',
    methods: ['get', 'send', 'post', 'signal', 'watch'],
    idempotent: 'event',
    query: z.strictObject({
      wait: z.enum(['turn', 'accepted', 'none']).optional().describe('`accepted`: answer when it is durable in the mailbox; `none`: when it is given to the server, worker or not; default `turn`'),
      waitSeconds,
      until,
    }),
    body: messageBody,
    answer: turnOrAccepted,
    errors: sendErrors,
    statuses: [202],
    status: (answer) => ('end' in answer ? 200 : 202),
    repeated: (answer) => answer.repeated === true,
    handle: ({ client, path, body, query, id, signal }) => {
      const { text } = body
      const event = eventOf(body, id)
      if (query.wait === 'none') return client.signal(path.agent, text, event)
      if (query.wait === 'accepted') return client.post(path.agent, text, { ...event, signal })
      return within(query.waitSeconds, signal, (waiting) => client.send(path.agent, text, { ...event, ...waiting, ...withoutUndefined({ until: query.until }) }))
    },
    stream: async ({ client, path, body, query, id: eventId, lastEventId, leave, may }) => {
      if (lastEventId !== undefined) await assertSameAgent(client, path.agent, lastEventId)
      const watched = client.watch(path.agent, { event: eventId, signal: leave })
      const accepted = await client.post(path.agent, body.text, { ...eventOf(body, eventId), signal: leave })
      return (async function* () {
        yield { event: 'accepted', data: accepted }
        const events = eventsOfTurn(watched, { eventId, until: query.until ?? 'parked', after: lastEventId })
        yield* serverSentOf(may('memory:read') ? events : repliesOf(events))
      })()
    },
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/events',
    operation: 'watch',
    summary: 'What happens to the agent, across its turns, as server-sent events. `Last-Event-ID`, or `after`, goes on after an event; `event` begins with the turn of one.',
    scope: 'memory:read',
    methods: ['get', 'watch'],
    query: z.strictObject({
      after: z.string().optional().describe('the id of an event, or a sequence number after "~" (`~12`); 0: from the beginning; default: from now on'),
      event: z.string().optional().describe('not beside `after`: from the beginning of this event\'s turn; of one that has not begun, from now on'),
    }),
    answer: turnEvent,
    errors: [...agentErrors, 'agent-archived'],
    stream: ({ client, path, query, lastEventId, leave }) => agentEvents(client, path.agent, { after: lastEventId === undefined ? query.after : placeOfId(lastEventId), ...withoutUndefined({ event: query.event }), leave }),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/turns/{event}',
    operation: 'outcome',
    summary: 'The end of an event\'s turn, or what it is parked for. Waits for it.',
    scope: 'messages',
    methods: ['outcome', 'hasEvent'],
    query: z.strictObject({ waitSeconds, until }),
    answer: turnOrAccepted,
    errors: [...agentErrors, 'agent-archived', 'event-unknown'],
    statuses: [202],
    status: (answer) => ('end' in answer ? 200 : 202),
    handle: async ({ client, path, query, signal }) => {
      const answer = await within(query.waitSeconds, signal, ({ signal: stop, onAccepted }) => {
        onAccepted({ eventId: path.event })
        return client.outcome(path.agent, path.event, { ...withoutUndefined({ until: query.until }), signal: stop })
      })
      if ('end' in answer || (await client.hasEvent(path.agent, path.event))) return answer
      throw new PerdureError('event-unknown', `agent ${path.agent} was sent no event ${JSON.stringify(path.event)}, as far as is known by now`)
    },
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/messages',
    operation: 'messages',
    summary: 'Recall memory, ascending from a sequence number, in pages of 4 MiB at most.',
    scope: 'memory:read',
    methods: ['messages'],
    query: z.strictObject({ after: number.describe('a sequence number; default: from the first message on'), limit }),
    answer: messagePage,
    errors: agentErrors,
    handle: ({ client, path, query }) => messagePageOf(client, path.agent, withoutUndefined(query)),
  }),
  route({
    method: 'GET',
    path: '/agents/{agent}/messages/search',
    operation: 'searchRecall',
    summary: 'Search recall memory by words, by meaning and by time.',
    scope: 'memory:read',
    methods: ['searchRecall'],
    query: z.strictObject({
      text: z.string().optional().meta({ maxLength: limits.queryCharacters }),
      from: time,
      to: time,
      order: z.enum(['newest', 'relevance']).optional(),
      roles: severalOf(z.enum(['user', 'system', 'assistant', 'tool'])),
      conversation: flag.describe('only what was said to the agent and by it'),
      before: number.describe('a sequence number'),
      offset,
      limit,
    }),
    answer: foundMessages,
    errors: agentErrors,
    handle: ({ client, path, query }) => client.searchRecall(path.agent, withoutUndefined(query)),
  }),
]
