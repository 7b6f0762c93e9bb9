import { z } from 'zod'
import { list } from './parts.ts'

export const statistics = z.object({
  evicted: z.number(),
  passages: z.number().optional().describe('absent: archival memory could not be reached'),
  documents: z.number().optional(),
})

export const queueRanges = list(z.tuple([z.number(), z.number()]).readonly()).describe('ranges of sequence numbers, both ends included')

export const partTokens = z.object({ blocks: z.record(z.string(), z.number()), summary: z.number(), queue: z.number() })

export const promptRecord = z.object({
  form: z.number(),
  digest: z.string(),
  frame: z.string(),
  contextWindow: z.number(),
  maxOutputTokens: z.number(),
  statistics,
  summary: z.string().optional(),
  queue: queueRanges,
  tokens: partTokens,
})
