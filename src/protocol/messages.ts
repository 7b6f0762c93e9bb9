import type { EventKind } from './events.ts'
import type { SectionTokens } from './context.ts'

/** Who speaks. `system`: alerts and notices of the runtime. */
export type MessageRole = 'user' | 'system' | 'assistant' | 'tool'

export interface ToolCall {
  /** The provider's id of the call; the operation id is `<step op>/<index>`. */
  readonly id: string
  readonly name: string
  /** As the model wrote them: possibly not JSON. */
  readonly arguments: string
}

export interface StepUsage {
  readonly promptTokens: number
  /** Of the prompt tokens, those that the provider read from its cache. */
  readonly cachedTokens: number
  readonly completionTokens: number
  /** What it cost, in micro-dollars; absent where the model's price was not known. */
  readonly costMicros?: number
}

/** What the model had before it at a step: enough to tell what the prompt was, and why it cost what it did. */
export interface StepContext {
  readonly cause: string
  readonly sections: SectionTokens
  readonly blockVersions: Readonly<Record<string, number>>
  /** Tokens of the whole prompt as counted here. */
  readonly countedTokens: number
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
  /** For `tool`: which call this answers. */
  readonly callId?: string
  readonly toolName?: string
  /** For `tool`: whether it succeeded. */
  readonly ok?: boolean
  /** What `send_message` sent, on the result of that call: this is what the user sees. */
  readonly reply?: string
  /** Tokens that the message takes in a prompt, uncalibrated. */
  readonly tokens: number
  /** ISO 8601. */
  readonly at: string
  readonly model?: string
  readonly usage?: StepUsage
  readonly latencyMs?: number
  /** For `assistant`. */
  readonly context?: StepContext
  /** Set by /pop: out of the context, still in recall. */
  readonly popped?: boolean
}
