import { z } from 'zod'
import { isoTime, list, spending } from './parts.ts'

const line = { ...spending, steps: z.number(), summaries: z.number(), asides: z.number(), latencyMs: z.number() }

export const costReport = z
  .object({
    agentId: z.string(),
    tenant: z.string().optional().describe('absent: the default one'),
    turns: list(z.object({ ...line, turn: z.number(), end: z.string().optional(), reason: z.string().optional(), at: isoTime })),
    summaries: z.object(line),
    asides: z.object(line),
    models: list(z.object({ ...line, model: z.string() })),
    total: z.object(line),
  })
  .meta({ id: 'CostReport' })
