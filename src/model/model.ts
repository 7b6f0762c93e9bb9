import type { OnDelta } from './deltas.ts'
import type { StepUsage, ToolCall } from '../protocol/messages.ts'

/** What a step needs of a language model. Implementations: `openai.ts`, the simulated model, the scripted model. */
export interface ChatModel {
  /**
   * One inference.
   * @param onDelta told what the model writes as it writes it, where the model can tell. The reply is whole, with or without.
   * @throws ModelError classified; anything else is a bug.
   */
  complete(request: ModelRequest, signal: AbortSignal, onDelta?: OnDelta): Promise<ModelReply>
  /** The tokens that these tools take in a prompt, if the model gets them in another form than the protocol's; else absent. */
  toolsTokens?(model: string, tools: readonly ModelTool[]): number | undefined
}

export interface ModelRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ModelTool[]
  readonly maxOutputTokens: number
}

/** Messages of the chat-completions protocol, the part in use. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string }

export interface ModelTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface ModelReply {
  /** Text beside the calls: inner thoughts. */
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  /** Reasoning that the endpoint keeps apart from the answer. Only in a reply without calls; with calls the reasoning is the `text`. */
  readonly thinking?: string
  /** As the provider reports it; absent where it reports none. */
  readonly usage?: StepUsage
  readonly finishReason: 'stop' | 'tool-calls' | 'length' | 'filtered' | 'other'
}

export interface Embedder {
  readonly model: string
  readonly dimensions: number
  /** One vector a text, in order. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>
}
