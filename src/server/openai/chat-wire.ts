import type { StepUsage } from '../../protocol/messages.ts'
import type { ServerSent } from '../streams/server-sent.ts'
import type { AnswerPiece, ToldCall } from './answer-pieces.ts'
import type { AnswerForm } from './answer.ts'
import { openAiWire } from './error.ts'

interface AnswerHead {
  readonly id: string
  /** Epoch seconds. */
  readonly created: number
  readonly model: string
}

export function chatForm({ withUsage, ...given }: { readonly model: string; readonly created: number; readonly withUsage: boolean }): AnswerForm {
  const head = (eventId: string): AnswerHead => ({ id: `chatcmpl-${eventId}`, ...given })
  return {
    whole: (eventId, pieces) => chatCompletion(head(eventId), pieces),
    streamed: (eventId, pieces) => chatChunks(head(eventId), pieces, { withUsage }),
    wire: openAiWire((data) => ({ data })),
  }
}

const usageOf = ({ promptTokens, cachedTokens, completionTokens }: StepUsage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens },
})

const toolCall = ({ id, ...called }: ToldCall) => ({ id, type: 'function', function: called })

function finish({ calls, ended }: Extract<AnswerPiece, { readonly type: 'end' }>): string {
  if (ended !== undefined) return ended === 'cut' ? 'length' : 'content_filter'
  return calls.length > 0 ? 'tool_calls' : 'stop'
}

/** The answer as one `chat.completion`. */
async function chatCompletion(head: AnswerHead, pieces: AsyncIterable<AnswerPiece>): Promise<object> {
  let content = ''
  for await (const piece of pieces) {
    if (piece.type === 'text') content += piece.text
    else {
      const { calls, usage } = piece
      const message = { role: 'assistant', content: content === '' && calls.length > 0 ? null : content, refusal: null, ...(calls.length > 0 && { tool_calls: calls.map(toolCall) }) }
      return { ...head, object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: finish(piece) }], usage: usageOf(usage) }
    }
  }
  throw new Error('the events of a turn ended before the turn')
}

/** The answer as `chat.completion.chunk`s, and `[DONE]`. */
async function* chatChunks(head: AnswerHead, pieces: AsyncIterable<AnswerPiece>, { withUsage }: { readonly withUsage: boolean }): AsyncGenerator<ServerSent> {
  const chunk = (delta: object, reason: string | null = null): ServerSent => ({
    data: { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }], ...(withUsage && { usage: null }) },
  })
  yield chunk({ role: 'assistant', content: '' })
  for await (const piece of pieces) {
    if (piece.type === 'text') yield chunk({ content: piece.text })
    else {
      const { calls, usage } = piece
      if (calls.length > 0) yield chunk({ tool_calls: calls.map((call, index) => ({ index, ...toolCall(call) })) })
      yield chunk({}, finish(piece))
      if (withUsage) yield { data: { ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(usage) } }
    }
  }
  yield { data: '[DONE]' }
}
