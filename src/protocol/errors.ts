/**
 * Every error that Perdure raises on purpose has one of these codes. The text says what was wrong and what would be right.
 * Codes are stable; texts are not.
 */
export const errorCodes = [
  'invalid-argument', // the caller's input is malformed: the text names the field
  'message-empty',
  'message-too-large',
  'mailbox-full',
  'run-full', // the agent has taken as much as it may in one long step
  'agent-unknown',
  'agent-exists', // same id, another definition
  'agent-archived',
  'agent-parked', // a command that has to wait for a turn's end, while that turn is parked
  'event-conflict', // same event id, another text
  'prompt-unknown', // there is no such step, or no record of its prompt
  'event-unknown', // its turn was waited for, and nobody has sent it
  'call-unknown', // an answer to a call that does not wait
  'call-answered', // another answer was first, or the deadline
  'timer-conflict', // same timer id, another time or text
  'timers-full',
  'block-unknown',
  'block-label-taken', // by another block of the agent
  'block-private', // another agent's block, which that agent does not share
  'block-too-large', // limit, size and overage are in the text
  'block-read-only',
  'block-conflict', // somebody else wrote between read and write
  'passage-unknown',
  'passage-conflict', // somebody else has edited it since it was looked at
  'passage-superseded', // another passage has taken its place
  'text-not-found', // core_memory_replace: the old text is not in the block
  'definition-conflict', // somebody else changed the definition since it was looked at
  'definition-behind', // a later version of the definition is in force than the agent's workflow knows of: it was reset, say
  'definition-too-large', // the fixed part of the context leaves no room in the window
  'checkpoint-unknown',
  'nothing-to-undo',
  'tool-unknown',
  'tool-conflict', // a message brings a tool of a name that a tool of the agent has
  'tool-arguments',
  'embedding-mismatch',
  'model-refused', // key or credit: a person must act
  'model-unreachable',
  'model-error',
  'context-overflow',
  'access-key-unknown',
  'deployment-unknown', // no worker of that deployment, or build, has polled
  'config-invalid',
  'key-unknown', // a payload was encrypted under a key that is not in the ring here
  'payload-damaged', // an encrypted payload was changed, or another key stands under its id
  'server-unavailable',
  'wrong-stores', // the stores of the worker that was asked do not know the agent, or the workflow is that of another agent of its name
  'no-worker', // Temporal answers, and no worker has taken what was asked
  'store-full', // the disk of a store: nothing of the write is there
  'port-busy',
  'file-unreadable',
  'document-empty', // no text in it
  'document-unread', // nothing in it but what is not read: pages that are pictures
  'document-binary', // no format that is read here
  'document-encrypted',
  'document-broken',
  'document-too-large',
  'document-name-taken', // by another file
  'numbers-behind', // recall memory holds later messages than the agent's workflow knows of: it was reset, say
  'schema-newer', // a store, a document or a workflow's state that a newer version wrote
] as const

export type ErrorCode = (typeof errorCodes)[number]

export class PerdureError extends Error {
  override readonly name = 'PerdureError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }

  /** True for an error of this class, also one that another copy of the package made. */
  static isInstance(value: unknown): value is PerdureError {
    return value instanceof Error && value.name === 'PerdureError' && 'code' in value
  }
}

/** Whether a store can't be written to at present, so that the same write may well succeed later. */
export function isAwayForNow(error: unknown): boolean {
  return PerdureError.isInstance(error) && (error.code === 'server-unavailable' || error.code === 'store-full')
}

/** Nobody has answered: a server, or every worker, is away. What was asked may be asked again when they are back. */
export function isUnanswered(error: unknown): boolean {
  return PerdureError.isInstance(error) && (error.code === 'server-unavailable' || error.code === 'no-worker')
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The error for a malformed argument. Its text names the field and says what would be right. */
export const invalidArgument = (message: string): PerdureError => new PerdureError('invalid-argument', message)
