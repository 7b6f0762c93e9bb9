import { z } from 'zod'
import { agentStatuses } from '../../client/agent-status.ts'
import { isoTime, json, list } from './parts.ts'

const block = z.object({
  label: z.string(),
  blockId: z.string().describe('agents that have the same one share the block'),
  description: z.string(),
  limit: z.number().describe('characters'),
  value: z.string().describe('what the block began with'),
  readOnly: z.boolean(),
  shared: z.literal(true).optional(),
})

export const clientTool = z.object({ name: z.string(), description: z.string(), parameters: json.describe('JSON Schema of the arguments'), answerWithinMs: z.number().optional() })

export const turnBudget = z.object({ steps: z.number(), tokens: z.number(), costMicros: z.number().optional(), malformedSteps: z.number(), identicalSteps: z.number() })
export const agentBudget = z.object({ tokens: z.number().optional(), costMicros: z.number().optional() })

export const sampling = z.object({
  temperature: z.number().optional(),
  topP: z.number().optional(),
  seed: z.number().optional(),
  reasoningEffort: z.string().optional(),
  maxOutputTokens: z.number().optional(),
  extra: json.optional().describe('further fields of each request, in the endpoint\'s own words'),
})

export const definition = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
    tags: list(z.string()).optional(),
    metadata: json.optional(),
    model: z.string(),
    contextWindow: z.number().describe('tokens'),
    instructions: z.string(),
    instructionsEditable: z.boolean(),
    blocks: list(block),
    tools: list(z.string()),
    pressure: z.object({ warning: z.number(), flush: z.number(), evict: z.number() }),
    budget: turnBudget,
    agentBudget: agentBudget.optional(),
    approval: list(z.string()).optional(),
    clientTools: list(clientTool).optional(),
    answerWithinMs: z.number().optional(),
    sampling: sampling.optional().describe('how the model is to write; absent: as the worker, or the endpoint, has it'),
  })
  .meta({ id: 'Definition' })

export const agent = z
  .object({
    key: z.string().describe('names the agent in every id of it; its name is definition.id'),
    definition,
    version: z.number().optional().describe('of the definition; absent: 1'),
    documents: z.number().optional(),
    digest: z.string().describe('of the definition at creation'),
    createdAt: isoTime,
    creation: z.string().optional().describe('names the call that created it'),
    archivedAt: isoTime.optional(),
    deletingAt: isoTime.optional(),
  })
  .meta({ id: 'Agent' })

export const agentPage = z.object({
  agents: list(agent.extend({ recall: z.number().optional(), status: z.enum(agentStatuses).optional() }).meta({ id: 'ListedAgent' })),
  next: z.string().optional().describe('the value of `after` that gets the next page; absent on the last one'),
})

export const definitionVersion = z
  .object({ agentId: z.string(), version: z.number(), definition, op: z.string(), author: z.string(), turn: z.number(), at: isoTime })
  .meta({ id: 'DefinitionVersion' })

export const definitionChange = z.object({ version: z.number(), definition, resumed: z.boolean().describe('the agent was parked, and tries again') }).meta({ id: 'DefinitionChange' })
