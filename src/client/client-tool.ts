import { z } from 'zod'
import type { ClientToolDefinition } from '../protocol/definition.ts'

export interface ClientToolContext {
  readonly agentId: string
  /** Operation id of the call: the idempotency key for whatever the tool does, as it may run more than once. */
  readonly op: string
  /** Aborted when the caller stops serving. */
  readonly signal: AbortSignal
}

/** A tool that runs at the caller: `definition` goes into `create`, the whole of it into `serveTools`. */
export interface ClientTool {
  readonly definition: ClientToolDefinition
  /** An error that it throws becomes the call's failed result. */
  run(args: Readonly<Record<string, unknown>>, context: ClientToolContext): Promise<string>
}

/** Declares a tool that runs at the caller, with its arguments' types inferred from the schema. */
export function defineClientTool<Schema extends z.ZodObject>(tool: {
  /** `a-z`, digits and `_`. */
  readonly name: string
  /** For the model: what it does, when to use it. */
  readonly description: string
  /** Has to be expressible as JSON Schema. */
  readonly schema: Schema
  /** Milliseconds that the result may take. Default: the agent's, or a week. */
  readonly answerWithinMs?: number
  run(args: z.infer<Schema>, context: ClientToolContext): Promise<string>
}): ClientTool {
  const { name, description, schema, answerWithinMs } = tool
  const parameters = z.toJSONSchema(schema, { io: 'input' })
  return {
    definition: { name, description, parameters, ...(answerWithinMs !== undefined && { answerWithinMs }) },
    run: async (args, context) => tool.run(schema.parse(args), context),
  }
}
