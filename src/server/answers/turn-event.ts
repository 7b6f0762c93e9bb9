import { z } from 'zod'
import { list } from './parts.ts'
import { message } from './message.ts'
import { figures, waitingCall } from './turn.ts'

const told = { id: z.string().describe('names its place among the events of the agent'), turn: z.number() }
const live = { ...told, step: z.number(), seq: z.number(), attempt: z.number() }
const why = { eventId: z.string(), reason: z.string().optional(), detail: z.string().optional() }
const ofTurn = z.object({ id: z.string(), kind: z.string(), seq: z.number().describe('of the message that has its text') }).meta({ id: 'EventOfTurn' })

/** The data of one server-sent event, whose name is its `type`. */
export const turnEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('replaced'), id: told.id, key: z.string().describe('of the present agent of the name; what was told before was of an earlier one') }),
    z.object({ type: z.literal('turn'), ...told, event: ofTurn }),
    z.object({ type: z.literal('step'), ...told, step: z.number(), seq: z.number() }),
    z.object({ type: z.literal('delta'), ...live, n: z.number(), kind: z.enum(['thoughts', 'text']), text: z.string(), call: z.number().optional(), callId: z.string().optional() }),
    z.object({ type: z.literal('reset'), ...live }),
    z.object({ type: z.literal('message'), ...told, seq: z.number(), message }),
    z.object({ type: z.literal('waiting'), ...told, calls: list(waitingCall) }),
    z.object({ type: z.literal('parked'), ...told, ...why, retryAt: z.number().optional() }),
    z.object({ type: z.literal('end'), ...told, ...why, end: z.enum(['completed', 'cancelled', 'stopped']), figures, replies: list(z.number()) }),
    z.object({ type: z.literal('memory'), id: told.id, label: z.string(), version: z.number() }),
  ])
  .meta({ id: 'TurnEvent' })
