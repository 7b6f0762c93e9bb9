/** Who has to say something before a call can have its result: a person who lets it run, or the caller that runs it. */
export type AwaitedParty = 'approval' | 'client'

/** Whose answers a call waits for, and how many milliseconds each may take. If it waits for both, the approval comes first. */
export interface CallWait {
  readonly approval?: number
  readonly client?: number
}

/** A call that waits now, as the query and a parked turn show it. Its arguments are in the step's message. */
export interface WaitingCall {
  /** Operation id of the call: what an answer names, and the idempotency key for whoever runs it. */
  readonly op: string
  readonly name: string
  readonly for: AwaitedParty
  /** Epoch milliseconds. */
  readonly since: number
  /** Epoch milliseconds. After it the call's result says that nobody answered, and the turn goes on. */
  readonly until: number
  /** The stored edit that replaced the model's arguments, where a person has changed them. */
  readonly edit?: string
}

/**
 * How a call's waiting ended. `id` names the stored answer with what belongs to it: name, reason, arguments, text. An answer that
 * came without a store (the `temporal` command line) has none.
 */
export interface CallAnswer {
  readonly approval?: { readonly answer: 'approve' | 'edit' | 'refuse' | 'expired'; readonly id?: string }
  readonly client?: { readonly answer: 'result' | 'expired'; readonly id?: string }
}

/** The stored arguments with which a person lets the call run; undefined where the model's stand. */
export const editIdOf = (answer: CallAnswer | undefined): string | undefined => (answer?.approval?.answer === 'edit' ? answer.approval.id : undefined)

/** The calls of a step by index, of those that had to wait. */
export type CallAnswers = Readonly<Record<number, CallAnswer>>

export type AnswerKind = 'approve' | 'edit' | 'refuse' | 'result'

/** Input of the update `answer`. What was said is in the answer store under `op` and `id`, put there before. */
export interface AnswerRequest {
  readonly op: string
  readonly answer: AnswerKind
  /** Absent only where there is nothing to store: `approve` and `refuse` by somebody without a store. */
  readonly id?: string
}

/** `already`: the same answer had been given before; nothing changed. */
export interface AnswerAccepted {
  readonly already: boolean
}

/** A stored answer. Its id is made of its content, so that the same answer again is the same. */
export interface AnswerBody {
  readonly agentId: string
  readonly op: string
  readonly id: string
  readonly answer: AnswerKind
  /** `edit`: the arguments to use instead, as JSON. */
  readonly arguments?: string
  /** `refuse`: the reason. `result`: the result for the model. */
  readonly text?: string
  /** `result`: false for a call that failed. */
  readonly ok?: boolean
  /** Who answered, in their own words. */
  readonly by?: string
  /** ISO 8601. */
  readonly at: string
}

/** How long an answer may take where nothing else is said: a week. */
export const defaultAnswerWithinMs = 7 * 24 * 3_600_000
/** How long a call may wait for a worker of its task queue where nothing else is said: ten minutes. */
export const defaultStartWithinMs = 10 * 60_000
