import { z } from 'zod'
import { invalidArgument } from '../protocol/errors.ts'
import { isRecord } from '../protocol/is-record.ts'
import { agentBudgetField, blockField, blockLabel, budgetField, field, pressureField, unusableLabel, unusableLabelProblem } from './fields.ts'
import { samplingField } from './sampling.ts'
import { strictFields } from './strict-fields.ts'

/** A label renames the block: it stays the same one, with what is in it and its versions. */
const blockChanges = strictFields({ label: blockLabel, ...blockField }).partial()

const blocksByLabel = z.record(blockLabel, blockChanges.nullable())

/** A record leaves the one label out that can't be, before it is looked at: it would be dropped silently. */
const blocksField = z.preprocess((blocks: z.input<typeof blocksByLabel>, context) => {
  if (isRecord(blocks) && Object.hasOwn(blocks, unusableLabel)) context.addIssue({ code: 'custom', path: [unusableLabel], message: unusableLabelProblem })
  return blocks
}, blocksByLabel)

type Nullable<Shape extends Readonly<Record<string, z.ZodType>>> = { readonly [Name in keyof Shape]: z.ZodNullable<Shape[Name]> }

/** The same fields, each of which null takes away. */
function nullableOf<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape): Nullable<Shape> {
  return Object.fromEntries(Object.entries(shape).map(([name, type]) => [name, type.nullable()])) as Nullable<Shape>
}

export const agentChanges = strictFields({
  ...field,
  name: field.name.nullable(),
  description: field.description.nullable(),
  tags: field.tags.nullable(),
  metadata: field.metadata.nullable(),
  approval: field.approval.nullable(),
  clientTools: field.clientTools.nullable(),
  answerWithinMs: field.answerWithinMs.nullable(),
  /** By label, as they are before the change. One that the agent has is changed, one that it has not is attached; null detaches it. */
  blocks: blocksField,
  sampling: strictFields(nullableOf(samplingField)).partial().nullable(),
  pressure: strictFields(pressureField).partial(),
  budget: strictFields({ ...budgetField, dollars: budgetField.dollars.nullable() }).partial(),
  agentBudget: strictFields({ tokens: agentBudgetField.tokens.nullable(), dollars: agentBudgetField.dollars.nullable() }).partial().nullable(),
}).partial()

/**
 * What is to change in a definition. What is left out stays; null takes away what may be absent. Objects (`blocks`, a block, `pressure`,
 * `sampling`, the budgets) change by their fields; lists, `metadata` and `sampling.extra` as a whole.
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
