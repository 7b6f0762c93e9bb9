import { z } from 'zod'
import { epochMs, list, spending } from './parts.ts'

export const waitingCall = z
  .object({ op: z.string(), name: z.string(), for: z.enum(['approval', 'client']), since: epochMs, until: epochMs, edit: z.string().optional() })
  .meta({ id: 'WaitingCall' })

export const figures = z.object({ steps: z.number(), ...spending, latencyMs: z.number(), waitedMs: z.number().optional() }).meta({ id: 'TurnFigures' })

const outcome = {
  turn: z.number(),
  eventId: z.string(),
  end: z.enum(['completed', 'cancelled', 'stopped', 'parked']).describe('`parked`: the turn goes on when the reason is gone'),
  reason: z.string().optional(),
  detail: z.string().optional().describe('what happened and what to do'),
  retryAt: epochMs.optional(),
  waiting: list(waitingCall).optional(),
  replies: list(z.number()).describe('sequence numbers of the messages that hold the replies'),
  figures,
}

const repeated = { repeated: z.literal(true).optional().describe('the same message had been sent before under its id') }

export const turnOutcome = z.object(outcome).meta({ id: 'TurnOutcome' })
export const turnResult = z.object({ ...outcome, replyTexts: list(z.string()).describe('what the agent said to the user, in order'), ...repeated }).meta({ id: 'TurnResult' })

export const parked = z.object({ reason: z.string(), detail: z.string(), since: epochMs, retryAt: epochMs.optional(), cancelHeld: z.literal(true).optional(), calls: list(waitingCall).optional() })

export const accepted = z
  .object({ eventId: z.string(), position: z.number().optional().describe('0: its turn runs, or is over; 1: next; absent where the agent was not asked'), parked: parked.optional(), ...repeated })
  .meta({ id: 'Accepted' })
