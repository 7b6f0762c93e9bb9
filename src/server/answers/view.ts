import { z } from 'zod'
import { agentBudget } from './agent.ts'
import { isoTime, list, spending } from './parts.ts'
import { sections } from './message.ts'
import { parked, turnOutcome, waitingCall } from './turn.ts'

const timerView = { id: z.string(), dueAt: isoTime, everyMs: z.number().optional(), left: z.number().optional(), firings: z.number(), body: z.string().optional().describe('names where its text is kept') }

export const timer = z.object({ ...timerView, text: z.string() }).meta({ id: 'Timer' })

const counters = z.object({
  turns: z.number(),
  steps: z.number(),
  compactions: z.number(),
  ...spending,
  messages: z.number(),
  refusedSignals: z.number(),
  continuedAsNew: z.number(),
})

const retrying = z.object({ activity: z.string(), attempt: z.number(), detail: z.string() }).describe('an activity of the step, like `infer`, has failed by `detail`, and is tried again')

const pausedActivity = z
  .object({ activity: z.string(), activityId: z.string(), since: isoTime, reason: z.string().optional().describe('what the operator has said') })
  .describe('an activity, like `infer`, that an operator has paused in Temporal; it goes on once it is unpaused there')

export const agentView = z
  .object({
    agentId: z.string(),
    model: z.string(),
    contextWindow: z.number(),
    definition: z.number().optional(),
    status: z.enum(['idle', 'running', 'parked']),
    running: z.object({ turn: z.number(), step: z.number(), cause: z.string(), doing: z.string(), eventId: z.string(), retrying: retrying.optional() }).optional(),
    paused: list(pausedActivity).optional(),
    parked: parked.optional(),
    waiting: list(waitingCall).optional(),
    mailbox: list(z.object({ eventId: z.string(), kind: z.string(), bytes: z.number() })),
    timers: list(z.object(timerView)).optional(),
    commands: list(z.string()),
    sections: sections.optional(),
    summaryTokens: z.number(),
    queueTokens: z.number(),
    pressure: z.object({ tokens: z.number(), warning: z.number(), flush: z.number() }),
    queueLength: z.number(),
    evicted: z.number(),
    calibration: z.number(),
    blockVersions: z.record(z.string(), z.number()).describe('by the labels of `seenDefinition`'),
    seenDefinition: z.number().optional().describe('version of the definition that the model last saw'),
    lastOutcome: turnOutcome.optional(),
    counters,
    agentBudget: agentBudget.optional(),
  })
  .meta({ id: 'AgentView' })

export const agentWorkflow = z.object({ workflowId: z.string(), namespace: z.string(), taskQueue: z.string(), url: z.string().optional() }).meta({ id: 'AgentWorkflow' })
