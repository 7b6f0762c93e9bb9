import type { EventKind } from './events.ts'
import type { SectionTokens } from './context.ts'
import type { PromptRecord } from './prompt.ts'

/** Who speaks. `system`: alerts and notices of the runtime. */
export type MessageRole = 'user' | 'system' | 'assistant' | 'tool'

export interface ToolCall {
  /** The provider's id of the call; the operation id is `<step op>/<index>`. */
  readonly id: string
  readonly name: string
  /** The arguments as the model wrote them: possibly not JSON. */
  readonly arguments: string
  /** JSON of the fields that the endpoint gave beside the call and wants back with it, such as a signature. Nothing else reads it. */
  readonly given?: string
}

/** What an endpoint gave beside a message and its calls, and wants back with them. */
export interface Given {
  /** Names the endpoint and its model: what one has given is no other's business. */
  readonly origin: string
  /** JSON of the fields beside the message, reasoning among them; it is never a reply. Absent: only calls have some. */
  readonly message?: string
}

export interface StepUsage {
  readonly promptTokens: number
  /** Of the prompt tokens, those that the provider read from its cache. */
  readonly cachedTokens: number
  readonly completionTokens: number
  /** The cost in micro-dollars; absent if the model's price was not known. */
  readonly costMicros?: number
}

/** What the prompt of a step was made of: enough to tell later what the model saw, and why the step cost what it did. */
export interface StepContext {
  /** Version of the agent's definition. Absent in messages of earlier versions: 1. */
  readonly definition?: number
  readonly cause: string
  readonly sections: SectionTokens
  readonly blockVersions: Readonly<Record<string, number>>
  /** Tokens of the whole prompt as counted here. */
  readonly countedTokens: number
  /** The rest of it. Absent in messages of earlier versions. */
  readonly prompt?: PromptRecord
}

/** One message of recall memory. Never deleted, never rewritten; `popped` is the only field that changes. */
export interface StoredMessage {
  readonly agentId: string
  /** Operation id, unique: an attempt that repeats an insert finds the first one. */
  readonly op: string
  /** Place in the agent's conversation, given by its workflow; unique per agent, ascending, may have gaps. */
  readonly seq: number
  readonly turn: number
  readonly step: number
  readonly role: MessageRole
  /** What kind of event this was, for `user` and `system`. */
  readonly kind?: EventKind | 'notice'
  /** Event id, for messages that are events. */
  readonly eventId?: string
  /** Text of the event, or result of the tool. For an assistant its inner thoughts, which are never sent as a reply. */
  readonly text: string
  readonly calls?: readonly ToolCall[]
  /** For `assistant`. */
  readonly given?: Given
  /** For `tool`: which call this answers. */
  readonly callId?: string
  readonly toolName?: string
  /** For `tool`: whether it succeeded. */
  readonly ok?: boolean
  /** On the result of a `send_message`: the text that the user sees. */
  readonly reply?: string
  /** Tokens that the message takes in a prompt, uncalibrated. */
  readonly tokens: number
  /** ISO 8601. */
  readonly at: string
  readonly model?: string
  readonly usage?: StepUsage
  readonly latencyMs?: number
  /** For `assistant`: its answer was cut by the limit of output, or held back by a filter. */
  readonly ended?: 'cut' | 'filtered'
  /** For `assistant`. */
  readonly context?: StepContext
  /** Set by /pop: out of the context, still in recall. */
  readonly popped?: boolean
}
