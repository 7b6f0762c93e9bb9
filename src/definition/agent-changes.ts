import { z } from 'zod'
import { invalidArgument } from '../protocol/errors.ts'
import { agentBudgetField, blockField, blockLabel, budgetField, field, pressureField } from './fields.ts'

const blockChanges = z.strictObject(blockField).partial()

const agentChanges = z
  .strictObject({
    ...field,
    name: field.name.nullable(),
    description: field.description.nullable(),
    tags: field.tags.nullable(),
    metadata: field.metadata.nullable(),
    approval: field.approval.nullable(),
    clientTools: field.clientTools.nullable(),
    answerWithinMs: field.answerWithinMs.nullable(),
    /** By label. One that the agent has is changed, one that it has not is attached; null detaches it. */
    blocks: z.record(blockLabel, blockChanges.nullable()),
    pressure: z.strictObject(pressureField).partial(),
    budget: z.strictObject({ ...budgetField, dollars: budgetField.dollars.nullable() }).partial(),
    agentBudget: z.strictObject({ tokens: agentBudgetField.tokens.nullable(), dollars: agentBudgetField.dollars.nullable() }).partial().nullable(),
  })
  .partial()

/**
 * What is to change in a definition. What is left out stays; null takes away what may be absent. Objects (`blocks`, a block, `pressure`,
 * the budgets) change by their fields, lists and `metadata` as a whole.
 */
export type AgentChanges = z.input<typeof agentChanges>

/** Of what is said of the fields that are wrong: a caller may have sent any number of them. */
const mostCharacters = 800

/** @throws PerdureError `invalid-argument` naming every field that is wrong */
export function assertChanges(changes: unknown): AgentChanges {
  const parsed = agentChanges.safeParse(changes)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.').slice(0, 80) || 'changes'}: ${issue.message}`)
    throw invalidArgument(`the definition can't be changed so: ${problems.join('; ').slice(0, mostCharacters)}`)
  }
  if (Object.values(parsed.data).some((value) => value !== undefined)) return parsed.data
  throw invalidArgument('say what is to change: a field of the definition, such as { model }')
}
