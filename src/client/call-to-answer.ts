import type { AnswerAccepted, AwaitedParty } from '../protocol/waiting.ts'
import type { ClientTool } from './client-tool.ts'

/** A call that stands still until a person, or a caller, has answered it. */
export interface CallToAnswer {
  /** Operation id of the call: names it in an answer, and is the idempotency key for whoever runs it. */
  readonly op: string
  readonly name: string
  /** `approval`: a person has to approve it. `client`: a program that talks to the agent has to run it. */
  readonly for: AwaitedParty
  /** The arguments as the model wrote them, or as a person has changed them. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** The model's inner thoughts of that step. May be empty. */
  readonly thoughts: string
  /** The id of the event whose turn waits. */
  readonly eventId: string
  /** ISO 8601. */
  readonly since: string
  /** ISO 8601: then the call's result says that nobody answered, and the turn goes on. */
  readonly until: string
}

export interface Approval {
  /** All of the arguments, to run the call with instead of the model's. The model is told. */
  readonly arguments?: Readonly<Record<string, unknown>>
  /** Who approves, for the record and, with changed arguments, for the model. */
  readonly by?: string
}

export interface Refusal {
  /** For the model. */
  readonly reason?: string
  readonly by?: string
}

export interface CallResult {
  /** For the model; long ones are cut as every tool's result is. */
  readonly text: string
  /** False: the call failed, which gives the model another step. Default true. */
  readonly ok?: boolean
  readonly by?: string
}

/**
 * Each answer is durable when its method returns, and may be given again: the same answer changes nothing (`already`). The first
 * answer stands. Beside the named errors: `call-unknown` where the call does not wait, `call-answered` where another answer or the
 * deadline was first.
 */
export interface WaitingMethods {
  /** The calls of the running turn that wait now. Needs a worker. */
  waiting(agentId: string): Promise<readonly CallToAnswer[]>
  /** Lets a call run, if need be with other arguments. @throws `tool-arguments` where those do not fit; the call then goes on waiting */
  approve(agentId: string, op: string, approval?: Approval): Promise<AnswerAccepted>
  /** The call is not run; the model reads why and has another step. */
  refuse(agentId: string, op: string, refusal?: Refusal): Promise<AnswerAccepted>
  /** Gives the result of a call that runs at the caller. @throws `message-too-large` */
  answerCall(agentId: string, op: string, result: CallResult): Promise<AnswerAccepted>
  /**
   * Runs the agent's client tools here, as calls come, until `signal` is aborted. Any number of callers may serve the same tools; one
   * result of each call stands. Where the guarantee ends: a caller that dies, or two at once, run a call more than once, so a tool with
   * an effect uses `context.op` as its idempotency key.
   */
  serveTools(agentId: string, tools: readonly ClientTool[], options: { readonly signal: AbortSignal }): Promise<void>
}
