import type { Given, StepUsage, ToolCall } from '../protocol/messages.ts'
import type { Sampling } from '../protocol/sampling.ts'

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
  /** The most tokens of one answer to an agent whose definition names no number. Absent: the runtime's own default. */
  readonly usualOutputTokens?: number | undefined
}

/** A piece of a reply, as the model writes it. The pieces of a reply, joined, are the reply's own text and arguments. */
export type ModelDelta =
  /** Text beside the calls. */
  | { readonly type: 'text'; readonly text: string }
  /** Reasoning that the endpoint keeps apart. */
  | { readonly type: 'thinking'; readonly text: string }
  /** Of the call with this place among the reply's calls. The name comes with its first delta, the id where the endpoint gives one. */
  | { readonly type: 'call'; readonly index: number; readonly id?: string; readonly name?: string; readonly arguments: string }

/** Takes deltas, at once; it never throws. */
export type OnDelta = (delta: ModelDelta) => void

export interface ModelRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ModelTool[]
  readonly maxOutputTokens: number
  readonly sampling?: Omit<Sampling, 'maxOutputTokens'>
}

/** Messages of the chat-completions protocol, the part in use. */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls: readonly ToolCall[]; readonly given?: Given }
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
  /** What the endpoint wants back with the message, where it has given such; kept with it, and shown to nobody as a reply. */
  readonly given?: Given
  /** As the provider reports it; absent where it reports none. */
  readonly usage?: StepUsage
  readonly finishReason: 'stop' | 'tool-calls' | 'length' | 'filtered' | 'other'
}

/** Some models embed what is searched for in another way than what is found. */
export type EmbeddedAs = 'passage' | 'query'

export interface Embedder {
  readonly model: string
  readonly dimensions: number
  /** One vector a text, in order. `as` what the texts are embedded; default: `passage`. */
  embed(texts: readonly string[], signal: AbortSignal, as?: EmbeddedAs): Promise<readonly (readonly number[])[]>
}
