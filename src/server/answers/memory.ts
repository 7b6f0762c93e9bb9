import { z } from 'zod'
import { isoTime, list } from './parts.ts'

export const block = z
  .object({ label: z.string(), blockId: z.string(), description: z.string(), limit: z.number(), readOnly: z.boolean(), value: z.string(), version: z.number().describe('0: never written') })
  .meta({ id: 'Block' })

export const blockVersion = z
  .object({ blockId: z.string(), version: z.number(), value: z.string(), op: z.string(), author: z.string(), turn: z.number(), at: isoTime })
  .meta({ id: 'BlockVersion' })

const origin = z.union([
  z.object({ by: z.literal('agent'), turn: z.number().optional() }),
  z.object({ by: z.literal('person'), name: z.string() }),
  z.object({ by: z.literal('document'), document: z.string() }),
])

const passageFields = z.object({
  agentId: z.string(),
  op: z.string().describe('names the passage'),
  text: z.string(),
  tags: list(z.string()),
  source: z.string().describe('`agent`, `page_out`, `person`, or a document\'s name'),
  at: isoTime,
  by: z.string().optional(),
  supersedes: z.string().optional(),
  supersededBy: z.string().optional(),
  edits: list(z.object({ op: z.string(), by: z.string(), at: isoTime })).optional(),
  origin,
})

export const passage = passageFields.meta({ id: 'Passage' })
export const foundPassages = z.object({
  total: z.number().describe('how many pass the filters; by words alone, those of them that have one of the words'),
  atLeast: z.literal(true).optional().describe('there may be more: so many are known of'),
  byWordsAlone: z.literal(true).optional().describe('the embedding model was away: what merely means the same was not found'),
  passages: list(passageFields.extend({ score: z.number() }).meta({ id: 'FoundPassage' })),
})
export const done = z.object({ already: z.boolean().describe('it was done under this id before, and nothing was done now') })
export const doneTo = done.extend({ op: z.string() })

export const document = z
  .object({
    agentId: z.string(),
    name: z.string(),
    hash: z.string(),
    bytes: z.number(),
    set: z.string().describe('the load, or unload, that it was part of last'),
    earlier: list(z.string()).optional().describe('hashes of earlier contents under this name, whose passages go when the present one\'s are in'),
    status: z.enum(['waiting', 'loaded', 'failed', 'removing']),
    format: z.string().optional(),
    pages: z.number().optional(),
    chunks: z.number().optional(),
    unread: z.string().optional(),
    path: z.string().optional().describe('where its file is, if it was loaded from one by the command line'),
    code: z.string().optional(),
    detail: z.string().optional(),
    at: isoTime,
  })
  .meta({ id: 'Document' })

const named = { name: z.string(), detail: z.string() }

export const loadResult = z
  .object({
    loaded: z.number(),
    unchanged: z.number(),
    removed: z.number(),
    passages: z.number(),
    failed: list(z.object({ ...named, code: z.string(), stays: z.literal(true).optional() })),
    partly: list(z.object(named)),
  })
  .meta({ id: 'LoadResult' })
