import type { StepUsage } from '../../protocol/messages.ts'
import { deltasOf } from '../../model/deltas.ts'
import type { ModelDelta, ModelReply } from '../../model/model.ts'

export interface AnswerHead {
  readonly id: string
  /** Epoch seconds. */
  readonly created: number
  readonly model: string
}

/** A reply as one chat completion. */
export function chatCompletion(head: AnswerHead, reply: ModelReply): Readonly<Record<string, unknown>> {
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: finishReason(reply),
        logprobs: null,
        message: {
          role: 'assistant',
          content: reply.text === '' && reply.toolCalls.length > 0 ? null : reply.text,
          refusal: null,
          ...(reply.toolCalls.length === 0
            ? {}
            : {
                tool_calls: reply.toolCalls.map((made) => ({
                  id: made.id,
                  type: 'function',
                  function: { name: made.name, arguments: made.arguments },
                })),
              }),
        },
      },
    ],
    ...(reply.usage === undefined ? {} : { usage: usageBody(reply.usage) }),
  }
}

/**
 * A reply as the chunks of a stream. The reply is complete before the first chunk: what streams is its form, not the thinking.
 */
export function* chatCompletionChunks(head: AnswerHead, reply: ModelReply, includeUsage: boolean): Generator<Readonly<Record<string, unknown>>> {
  const chunk = (delta: Readonly<Record<string, unknown>>, finish: string | null = null): Readonly<Record<string, unknown>> => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage ? { usage: null } : {}),
  })

  yield chunk({ role: 'assistant', content: '' })
  for (const delta of deltasOf(reply)) yield chunk(deltaBody(delta))
  yield chunk({}, finishReason(reply))
  if (includeUsage) {
    const usage = usageBody(reply.usage ?? { promptTokens: 0, cachedTokens: 0, completionTokens: 0 })
    yield { ...head, object: 'chat.completion.chunk', choices: [], usage }
  }
}

function deltaBody(delta: ModelDelta): Readonly<Record<string, unknown>> {
  switch (delta.type) {
    case 'text':
      return { content: delta.text }
    case 'thinking':
      return { reasoning_content: delta.text }
    case 'call': {
      const { index, id, name, arguments: written } = delta
      return { tool_calls: [{ index, ...(name === undefined ? {} : { id, type: 'function' }), function: { ...(name === undefined ? {} : { name }), arguments: written } }] }
    }
  }
}

function finishReason(reply: ModelReply): string {
  if (reply.finishReason === 'tool-calls') return 'tool_calls'
  return reply.finishReason === 'length' ? 'length' : 'stop'
}

function usageBody(usage: StepUsage): Readonly<Record<string, unknown>> {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.promptTokens + usage.completionTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
  }
}
