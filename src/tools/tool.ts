import type { z } from 'zod'
import type { Embedder } from '../model/model.ts'
import type { AgentDefinition } from '../protocol/definition.ts'
import type { Stores } from '../stores/stores.ts'

/**
 * A tool: what the model sees (name, description, schema) and what runs (`run` under `policy`).
 * Results are text for the model. A thrown error becomes the call's result and gives the model another step.
 */
export interface Tool<Schema extends z.ZodObject = z.ZodObject> {
  /** `a-z`, digits and `_`. */
  readonly name: string
  /** For the model: what it does, when to use it. */
  readonly description: string
  /** Arguments. `request_heartbeat` and `inner_thoughts` are added by the runtime; don't declare them. */
  readonly schema: Schema
  readonly policy: ToolPolicy
  run(args: z.infer<Schema>, context: ToolContext): Promise<ToolReturn>
}

export type ToolReturn = string | { readonly text: string; readonly reply?: string }

export interface ToolPolicy {
  /**
   * `local`: short, touches the agent's own memory only, idempotent under `context.op`; costs one history event.
   * `activity`: everything that reaches outside; six events, its own retries and timeout.
   */
  readonly placement: 'local' | 'activity'
  /**
   * False: never runs twice for one call. It is claimed first; a retry that finds the claim without an outcome tells the
   * model "outcome unknown" and does not run it.
   */
  readonly idempotent: boolean
  /** Milliseconds of one attempt, up to 366 days, as of each time here. Default 60,000; `activity` only. */
  readonly timeoutMs?: number
  /** Attempts, the first included. Default 3; a tool that is not idempotent has one that counts. `activity` only. */
  readonly attempts?: number
  /** Task queue of the workers that can run it. Default: the agent's own. `activity` only. */
  readonly taskQueue?: string
  /**
   * Milliseconds that a call may wait for a worker of that queue; then its result says that none took it. Default 600,000. `activity`
   * only.
   */
  readonly startWithinMs?: number
  /** True: a person has to let each call run. Agents may ask for that by themselves, see `approval` of their definition. */
  readonly approval?: boolean
  /** Milliseconds that the approval may take; then the call's result says that nobody approved. Default: the agent's, or a week. */
  readonly answerWithinMs?: number
}

/** The values of a policy that does not set them; `activity` only. */
export const policyDefaults = { timeoutMs: 60_000, attempts: 3 } as const

export interface ToolContext {
  readonly agentId: string
  readonly definition: AgentDefinition
  readonly turn: number
  readonly step: number
  /** Operation id of this call: the idempotency key for whatever the tool does. */
  readonly op: string
  /** The provider's id of this call. */
  readonly callId?: string
  /** Sequence number of the turn's event. A search of recall memory looks before it, and so does not find the question itself. */
  readonly turnSeq: number
  /** ISO 8601: when the step's assistant message was stored; the same at every attempt. */
  readonly at: string
  readonly stores: Stores
  readonly embedder: Embedder
  /** Aborted when the turn is cancelled or the attempt times out. */
  readonly signal: AbortSignal
}

/** Declares a tool with its arguments' types inferred from the schema. */
export function defineTool<Schema extends z.ZodObject>(tool: Tool<Schema>): Tool {
  // `run` takes what `schema` parsed, so the narrower parameter is never given anything else; as a method it may be passed on.
  return tool
}
