import { z } from 'zod'
import { runtimeArgumentNames, type AgentDefinition, type ClientToolDefinition } from '../protocol/definition.ts'
import { invalidArgument } from '../protocol/errors.ts'
import { parametersSchema } from '../parameters/parameters-schema.ts'
import { strictFields } from './strict-fields.ts'

const longestParameters = 50_000

/** Milliseconds from a second to a year. */
export const answerWithinMs = z
  .int()
  .min(1_000)
  .max(366 * 86_400_000)

export const clientToolInput = strictFields({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'is 1 to 64 of a-z, 0-9 and "_", beginning with a letter'),
  description: z.string().min(1).max(10_000),
  /** JSON Schema of an object. */
  parameters: z.record(z.string(), z.unknown()),
  answerWithinMs: answerWithinMs.optional(),
})

type WaitingPart = Pick<AgentDefinition, 'approval' | 'clientTools' | 'answerWithinMs'>

/**
 * The part of a definition that says which calls wait; only what is said, so that a definition that says nothing has the digest that it
 * always had.
 * @throws PerdureError `invalid-argument` naming the tool
 */
export function defineWaiting(given: { [Key in keyof WaitingPart]: WaitingPart[Key] | undefined }, tools: readonly string[]): WaitingPart {
  const { approval = [], clientTools = [] } = given
  const names = clientTools.map(({ name }) => name)
  const twice = names.find((name, index) => tools.includes(name) || names.indexOf(name) < index)
  if (twice !== undefined) throw invalidArgument(`two tools of the agent are named ${twice}: names must differ`)
  for (const tool of clientTools) assertParameters(tool)
  const unknown = approval.find((name) => !tools.includes(name) && !names.includes(name))
  if (unknown !== undefined) throw invalidArgument(`approval names ${JSON.stringify(unknown)}, which is no tool of the agent; it has ${[...tools, ...names].join(', ')}`)
  return {
    ...(approval.length > 0 && { approval: [...new Set(approval)] }),
    ...(clientTools.length > 0 && { clientTools }),
    ...(given.answerWithinMs !== undefined && { answerWithinMs: given.answerWithinMs }),
  }
}

/** @throws PerdureError `invalid-argument` naming the tool */
export function assertParameters({ name, parameters }: ClientToolDefinition): void {
  const json = JSON.stringify(parameters)
  // No name of a field may have one in MongoDB.
  if (json.includes('\\u0000')) throw invalidArgument(`the parameters of client tool ${name} hold a NUL character: leave it out`)
  const characters = json.length
  if (characters > longestParameters) throw invalidArgument(`the parameters of client tool ${name} have ${characters} characters, the limit is ${longestParameters}`)
  const { schema, problems } = parametersSchema({ name, parameters })
  const [problem] = problems
  if (problem !== undefined) throw invalidArgument(`the parameters of client tool ${name} can't be checked in bounded time: ${problem}`)
  const reserved = runtimeArgumentNames.find((argument) => Object.hasOwn(schema.shape, argument))
  if (reserved !== undefined) throw invalidArgument(`client tool ${name} declares ${reserved}, which every tool gets from the runtime: leave it out`)
}
