import type { StepUsage } from '../../protocol/messages.ts'
import type { AnswerPiece } from './answer-pieces.ts'
import type { AnswerForm } from './answer.ts'
import { openAiWire } from './error.ts'
import { responseIdOf } from './response-id.ts'
import type { ServerSent } from '../streams/server-sent.ts'

export interface ResponseHead {
  readonly model: string
  /** Epoch seconds. */
  readonly created: number
  readonly tools: readonly unknown[]
  readonly choice: string
  readonly previous: string | null
  /** How many results of calls the request has brought. */
  readonly results: number
}

type Item = Readonly<Record<string, unknown>>

/** The answer as a `response`: one message, and the calls that are the asker's to run. */
export function responsesForm(head: ResponseHead): AnswerForm {
  const idOf = (eventId: string): string => responseIdOf(head.model, eventId, head.results)
  let number = 0
  const numbered = (event: { readonly type: string } & Item): ServerSent => ({ event: event.type, data: { ...event, sequence_number: number } })
  return {
    whole: async (eventId, pieces) => {
      let whole: object | undefined
      for await (const { type, response } of responseEvents(head, idOf(eventId), pieces)) if (type === 'response.completed' || type === 'response.incomplete') whole = response as object
      if (whole === undefined) throw new Error('the events of a turn ended before the turn')
      return whole
    },
    streamed: async function* (eventId, pieces): AsyncGenerator<ServerSent> {
      for await (const event of responseEvents(head, idOf(eventId), pieces)) {
        yield numbered(event)
        number += 1
      }
    },
    // It is made before anybody knows whether it will be told, so it does not count on. Some clients look for `error` in an event, others at its type.
    wire: openAiWire(({ error }) => numbered({ ...error, type: 'error', error })),
  }
}

async function* responseEvents(head: ResponseHead, id: string, pieces: AsyncIterable<AnswerPiece>): AsyncGenerator<{ readonly type: string } & Item> {
  yield { type: 'response.created', response: responseOf(head, id, 'in_progress', []) }
  yield { type: 'response.in_progress', response: responseOf(head, id, 'in_progress', []) }
  const place = { item_id: `msg_${id.slice('resp_'.length)}`, output_index: 0, content_index: 0 }
  const part = (text: string): Item => ({ type: 'output_text', text, annotations: [], logprobs: [] })
  const message = (status: string, content: readonly Item[]): Item => ({ id: place.item_id, type: 'message', role: 'assistant', status, content })
  let text: string | undefined
  for await (const piece of pieces) {
    if (piece.type === 'text') {
      if (text === undefined) {
        yield { type: 'response.output_item.added', output_index: 0, item: message('in_progress', []) }
        yield { type: 'response.content_part.added', ...place, part: part('') }
      }
      text = (text ?? '') + piece.text
      yield { type: 'response.output_text.delta', ...place, delta: piece.text, logprobs: [] }
      continue
    }
    const output: Item[] = []
    const status = piece.ended === undefined ? 'completed' : 'incomplete'
    if (text !== undefined) {
      yield { type: 'response.output_text.done', ...place, text, logprobs: [] }
      yield { type: 'response.content_part.done', ...place, part: part(text) }
      output.push(message(status, [part(text)]))
      yield { type: 'response.output_item.done', output_index: 0, item: output[0] }
    }
    for (const call of piece.calls) {
      const made = { type: 'function_call', id: `fc_${call.id}`, call_id: call.id, name: call.name }
      const at = { item_id: made.id, output_index: output.length }
      yield { type: 'response.output_item.added', output_index: at.output_index, item: { ...made, arguments: '', status: 'in_progress' } }
      yield { type: 'response.function_call_arguments.delta', ...at, delta: call.arguments }
      yield { type: 'response.function_call_arguments.done', ...at, name: call.name, arguments: call.arguments }
      output.push({ ...made, arguments: call.arguments, status: 'completed' })
      yield { type: 'response.output_item.done', output_index: at.output_index, item: output.at(-1) }
    }
    yield { type: `response.${status}`, response: responseOf(head, id, status, output, piece) }
  }
}

const reasons = { cut: 'max_output_tokens', filtered: 'content_filter' } as const

function responseOf({ model, created, tools, choice, previous }: ResponseHead, id: string, status: string, output: readonly Item[], over?: Extract<AnswerPiece, { readonly type: 'end' }>): Item {
  return {
    id,
    object: 'response',
    created_at: created,
    status,
    model,
    output,
    previous_response_id: previous,
    tools,
    tool_choice: choice,
    parallel_tool_calls: true,
    error: null,
    incomplete_details: over?.ended === undefined ? null : { reason: reasons[over.ended] },
    instructions: null,
    metadata: {},
    temperature: null,
    top_p: null,
    usage: over === undefined ? null : usageOf(over.usage),
  }
}

const usageOf = ({ promptTokens, cachedTokens, completionTokens }: StepUsage) => ({
  input_tokens: promptTokens,
  input_tokens_details: { cached_tokens: cachedTokens },
  output_tokens: completionTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: promptTokens + completionTokens,
})
