import { z } from 'zod'
import { defaults } from '../protocol/definition.ts'
import { limits } from '../protocol/limits.ts'
import { agentBudgetField, blockField, blockLabel, budgetField, field, pressureField } from './fields.ts'
import { samplingInput } from './sampling.ts'
import { strictFields } from './strict-fields.ts'

export const blockInput = strictFields({
  label: blockLabel,
  blockId: blockField.blockId.optional(),
  description: blockField.description.default(''),
  limit: blockField.limit.default(defaults.blockLimit),
  value: blockField.value.default(''),
  readOnly: blockField.readOnly.default(false),
  shared: blockField.shared.optional(),
}).refine((block) => block.value.length <= block.limit, { error: 'value is longer than its limit; shorten it or raise the limit' })

export const agentInput = strictFields({
  /** By which commands, other programs and other agents call it. */
  id: z.string(),
  name: field.name.optional(),
  description: field.description.optional(),
  tags: field.tags.optional(),
  metadata: field.metadata.optional(),
  model: field.model.default(defaults.model),
  contextWindow: field.contextWindow.default(defaults.contextWindow),
  instructions: field.instructions.default(''),
  instructionsEditable: field.instructionsEditable.default(false),
  blocks: z.array(blockInput).max(limits.blocks).optional(),
  /** Text of the blocks `persona` and `human`, for those who need no other blocks. */
  persona: z.string().max(limits.blockLimitCharacters).optional(),
  human: z.string().max(limits.blockLimitCharacters).optional(),
  tools: field.tools.default([...defaults.tools]),
  approval: field.approval.optional(),
  clientTools: field.clientTools.optional(),
  answerWithinMs: field.answerWithinMs.optional(),
  sampling: samplingInput.optional(),
  pressure: strictFields(pressureField).partial().default({}),
  budget: strictFields(budgetField).partial().default({}),
  agentBudget: strictFields(agentBudgetField).partial().optional(),
})

/** The definition of an agent as a caller gives it. Everything but the id has a default. */
export type AgentInput = z.input<typeof agentInput>
