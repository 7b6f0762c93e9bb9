import { z } from 'zod'
import { limits } from '../protocol/limits.ts'
import { composed } from '../protocol/well-formed.ts'
import { answerWithinMs, clientToolInput } from './define-waiting.ts'
import { metadata } from './metadata.ts'

const share = z.number().gt(0).lt(1)

/** US dollars. */
const dollars = z.number().min(0.000001).max(1_000_000)

/** A text on one line: neither control characters nor half a surrogate pair, which no store keeps. */
const line = (characters: number) => z.string().max(characters).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has no line breaks and control characters').refine((text) => text.trim() !== '', 'is not empty')

const toolName = z.string().max(64)

/** What holds for each field of a definition, at its creation and at every change. */
export const field = {
  /** What people are shown; several agents may have the same. */
  name: line(limits.shownNameCharacters),
  /** What the agent is for, for people; its model does not see it. */
  description: z.string().max(limits.descriptionCharacters),
  /** By which agents are found. */
  tags: z.array(line(limits.tagCharacters).overwrite(composed)).max(limits.tags),
  /** A JSON object of the caller's own; nothing reads it. */
  metadata,
  model: z.string().min(1).max(limits.modelNameCharacters),
  /** Tokens. */
  contextWindow: z.int().min(2_000).max(10_000_000),
  instructions: z.string().max(limits.instructionsCharacters),
  instructionsEditable: z.boolean(),
  tools: z.array(toolName).max(limits.tools),
  /** Names of tools whose calls a person has to approve. */
  approval: z.array(toolName).max(limits.tools + limits.clientTools),
  clientTools: z.array(clientToolInput).max(limits.clientTools),
  answerWithinMs,
} as const

/** Shares of the window. */
export const pressureField = { warning: share, flush: share, evict: share } as const

export const budgetField = { steps: z.int().min(1), tokens: z.int().min(1), malformedSteps: z.int().min(1), identicalSteps: z.int().min(2), dollars } as const

/** For the agent's whole life; reaching it parks the agent until it is raised. */
export const agentBudgetField = { tokens: z.int().min(1), dollars } as const

/** No name of a field in an object of JSON, which is how blocks are told by their labels: what is put there is dropped. */
export const unusableLabel = '__proto__'
export const unusableLabelProblem = `${unusableLabel} can't be a label: what is said of it would be lost; choose another`

/** The agent's name for a block. */
export const blockLabel = z
  .string()
  .overwrite(composed)
  .regex(/^[^\s\p{Cc}\p{Cs}]+$/u, 'has no white space and no control characters')
  .max(limits.blockLabelCharacters)
  .refine((label) => label !== unusableLabel, unusableLabelProblem)

export const blockField = {
  /**
   * The id of a block that several agents share: one that belongs to no agent, without `/`, or `<agent>/<label>` of an agent that shares
   * it. Default: a block of the agent's own.
   */
  blockId: z.string().min(1).max(200).regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has no control characters'),
  description: z.string().max(limits.descriptionCharacters),
  /** Characters. */
  limit: z.int().min(1).max(limits.blockLimitCharacters),
  /** What the block begins with, where it is not there yet. */
  value: z.string(),
  readOnly: z.boolean(),
  /** For a block of the agent's own: whether other agents may name it as theirs, and read and write it. Default false. */
  shared: z.boolean(),
} as const
