import type { ModelError } from './model-error.ts'
import type { ModelRequest } from './model.ts'

export interface ScriptedCall {
  readonly type: 'call'
  readonly name: string
  /** As a model would write them. */
  readonly arguments: string
}

export type ScriptedOutcome =
  | ScriptedCall
  /** Several calls in one step. */
  | readonly ScriptedCall[]
  | { readonly type: 'thought'; readonly text: string }
  | { readonly type: 'failure'; readonly error: ModelError }
  | { readonly type: 'hang' }

export type ScriptedStep = ScriptedOutcome | ((request: ModelRequest) => ScriptedOutcome | Promise<ScriptedOutcome>)

export interface CallOptions {
  /** Asks for another step at once. Default false. */
  readonly heartbeat?: boolean
  readonly thoughts?: string
}

/** A tool call, with the two arguments that the runtime adds to every tool. */
export function call(name: string, args: Readonly<Record<string, unknown>> = {}, options: CallOptions = {}): ScriptedCall {
  const { heartbeat = false, thoughts } = options
  return rawCall(name, JSON.stringify({ ...args, ...(thoughts === undefined ? {} : { inner_thoughts: thoughts }), request_heartbeat: heartbeat }))
}

/** A call whose arguments are any text, JSON or not. */
export function rawCall(name: string, text: string): ScriptedCall {
  return { type: 'call', name, arguments: text }
}

/** Answers the user. */
export function say(message: string, options: CallOptions = {}): ScriptedCall {
  return call('send_message', { message }, options)
}

/** Text without a call: inner thoughts, or a summary. */
export function think(text: string): ScriptedOutcome {
  return { type: 'thought', text }
}

/** The request fails with this error. */
export function fail(error: ModelError): ScriptedOutcome {
  return { type: 'failure', error }
}

/** No answer until the request is aborted. */
export function hang(): ScriptedOutcome {
  return { type: 'hang' }
}
