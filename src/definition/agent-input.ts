import { z } from 'zod'
import { defaults } from '../protocol/definition.ts'
import { limits } from '../protocol/limits.ts'
import { answerWithinMs, clientToolInput } from './define-waiting.ts'
import { metadata } from './metadata.ts'

const share = z.number().gt(0).lt(1)

/** US dollars. */
const dollars = z.number().min(0.000001).max(1_000_000)

/** A text on one line: neither control characters nor half a surrogate pair, which no store keeps. */
const line = (characters: number) => z.string().max(characters).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has no line breaks and control characters').refine((text) => text.trim() !== '', 'is not empty')

export const blockInput = z
  .strictObject({
    /** The agent's name for the block. */
    label: z
      .string()
      .regex(/^[^\s\p{Cc}\p{Cs}]+$/u, 'has no white space and no control characters')
      .max(limits.blockLabelCharacters),
    /**
     * The id of a block that several agents share: one that belongs to no agent, without `/`, or `<agent>/<label>` of an agent that shares
     * it. Default: a block of the agent's own.
     */
    blockId: z.string().min(1).max(200).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has no control characters').optional(),
    description: z.string().max(limits.descriptionCharacters).default(''),
    /** Characters. */
    limit: z.int().min(1).max(limits.blockLimitCharacters).default(defaults.blockLimit),
    value: z.string().default(''),
    readOnly: z.boolean().default(false),
    /** For a block of the agent's own: whether other agents may name it as theirs, and read and write it. Default false. */
    shared: z.boolean().optional(),
  })
  .refine((block) => block.value.length <= block.limit, { error: 'value is longer than its limit; shorten it or raise the limit' })

export const agentInput = z.strictObject({
  /** By which commands, other programs and other agents call it. */
  id: z.string(),
  /** What people are shown; several agents may have the same. */
  name: line(limits.shownNameCharacters).optional(),
  /** What the agent is for, for people; its model does not see it. */
  description: z.string().max(limits.descriptionCharacters).optional(),
  /** By which agents are found. */
  tags: z.array(line(limits.tagCharacters)).max(limits.tags).optional(),
  /** A JSON object of the caller's own; nothing reads it. */
  metadata: metadata.optional(),
  model: z.string().min(1).max(limits.modelNameCharacters).default(defaults.model),
  /** Tokens. */
  contextWindow: z.int().min(2_000).max(10_000_000).default(defaults.contextWindow),
  instructions: z.string().max(limits.instructionsCharacters).default(''),
  instructionsEditable: z.boolean().default(false),
  blocks: z.array(blockInput).max(limits.blocks).optional(),
  /** Text of the blocks `persona` and `human`, for those who need no other blocks. */
  persona: z.string().max(limits.blockLimitCharacters).optional(),
  human: z.string().max(limits.blockLimitCharacters).optional(),
  tools: z.array(z.string().max(64)).max(limits.tools).default([...defaults.tools]),
  /** Names of tools whose calls a person has to approve. */
  approval: z.array(z.string().max(64)).max(limits.tools + limits.clientTools).optional(),
  clientTools: z.array(clientToolInput).max(limits.clientTools).optional(),
  answerWithinMs: answerWithinMs.optional(),
  pressure: z.strictObject({ warning: share, flush: share, evict: share }).partial().default({}),
  budget: z
    .strictObject({ steps: z.int().min(1), tokens: z.int().min(1), malformedSteps: z.int().min(1), identicalSteps: z.int().min(2), dollars })
    .partial()
    .default({}),
  /** For the agent's whole life; reaching it parks the agent until it is raised. Default: without bound. */
  agentBudget: z.strictObject({ tokens: z.int().min(1), dollars }).partial().optional(),
})

/** The definition of an agent as a caller gives it. Everything but the id has a default. */
export type AgentInput = z.input<typeof agentInput>
