import { z } from 'zod'
import type { OnDelta } from '../deltas.ts'
import { ModelError } from '../model-error.ts'
import { notAnAnswer } from '../classify.ts'
import { readBytes } from './read-bytes.ts'
import { eventData } from './sse.ts'
import { isJson, parsedJson } from '../../protocol/json.ts'

const textSchema = z.string().nullish().catch(undefined)
const partSchema = z.looseObject({ type: textSchema, text: textSchema, thinking: z.unknown().optional() })
const callSchema = z.looseObject({
  index: z.number().int().nonnegative().nullish().catch(undefined),
  id: z.coerce.string().nullish().catch(undefined),
  function: z.looseObject({ name: textSchema, arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish().catch(undefined) }).nullish(),
})

const deltaSchema = z.looseObject({
  content: z.union([z.string(), z.array(partSchema)]).nullish().catch(undefined),
  reasoning_content: textSchema,
  reasoning: textSchema,
  refusal: textSchema,
  tool_calls: z.array(callSchema).nullish().catch(undefined),
  function_call: callSchema.shape.function,
})

const chunkSchema = z.looseObject({
  error: z.unknown().optional(),
  choices: z
    // A whole message, where an endpoint puts its answer into one event.
    .array(z.looseObject({ finish_reason: textSchema, error: z.unknown().optional(), delta: deltaSchema.nullish(), message: deltaSchema.nullish() }))
    .nullish(),
  usage: z.unknown().optional(),
})

type Delta = z.infer<typeof deltaSchema>

interface Call {
  readonly id?: string
  name: string
  arguments: string
}

export interface StreamAnswer {
  /** As the endpoint would have given it without streaming. */
  readonly body: unknown
  /** The endpoint did not stream: this is its whole text. */
  readonly whole: boolean
}

/**
 * Reads an answer that was asked for as a stream; tells its deltas as they come. Whether it is a stream is seen in the body, as proxies name
 * any type. Errors within the stream are returned as the answer that they would have been: one reader is for both. A stream that breaks
 * after the reason of its end is complete: only its usage may be missing.
 * @param signal  of the caller: once it is aborted, nothing is returned
 * @throws ModelError for a stream that breaks off: the request may be sent again
 */
export async function readChatStream(body: ReadableStream<Uint8Array>, onDelta: OnDelta, secrets: readonly string[], signal: AbortSignal): Promise<StreamAnswer> {
  const answer = answerInPieces(onDelta)
  const read = readBytes(body, answer.finished)
  let done = false
  try {
    for await (const data of eventData(read.bytes)) {
      read.holdsEvents()
      if (data.trim() === '[DONE]') {
        done = true
        break
      }
      const chunk = chunkSchema.safeParse(parsedJson(data))
      if (!chunk.success) throw notAnAnswer(`an event of its stream: ${data}`, { secrets })
      if (chunk.data.error != null) return { body: chunk.data, whole: false }
      answer.take(chunk.data)
    }
  } catch (error) {
    if (!answer.finished() || signal.aborted) throw error
  }
  const text = read.textWithoutEvents()
  if (text !== undefined && isWhole(text)) return { body: text, whole: true }
  if (answer.finished() || (done && answer.begun())) return { body: answer.whole(), whole: false }
  throw new ModelError('unreachable', "the stream of the model's endpoint broke off before its answer was complete: check its logs, and proxies before it")
}

/** A stream's comments alone, and the beginning of an event, are no whole answer. */
const isWhole = (text: string): boolean => !/^\s*(?:$|:|data:|event:)/.test(text)

function answerInPieces(onDelta: OnDelta) {
  let [content, thinking, refusal] = ['', '', '']
  let finish: string | undefined
  let failure: unknown
  let usage: unknown
  const calls: Call[] = []
  const places = new Map<number | string, number>()

  /** Calls are told apart by index; where an endpoint gives none, by id; where it gives neither, each named one is another. */
  const placeOf = ({ index, id, function: called }: z.infer<typeof callSchema>): number => {
    const key = index ?? (id == null || id === '' ? undefined : id)
    const known = key === undefined ? undefined : places.get(key)
    // Some give every call the index 0, whole, and some of those give no ids.
    const before = known === undefined ? undefined : calls[known]
    const another = before !== undefined && called?.name != null && called.name !== '' && (before.id === undefined ? (id ?? '') === '' && followsWhole(before, called) : (id ?? '') !== '' && id !== before.id)
    if (known !== undefined && !another) return known
    if (key === undefined && calls.length > 0 && !called?.name) return calls.length - 1
    calls.push({ ...(id != null && id !== '' && { id }), name: '', arguments: '' })
    if (key !== undefined) places.set(key, calls.length - 1)
    return calls.length - 1
  }
  const takeCall = (given: z.infer<typeof callSchema>): void => {
    const place = placeOf(given)
    const call = calls[place]
    if (call === undefined) return
    const named = call.name === '' ? (given.function?.name ?? '') : ''
    const written = given.function?.arguments ?? ''
    const text = typeof written === 'string' ? written : JSON.stringify(written)
    call.name += named
    call.arguments += text
    onDelta({ type: 'call', index: place, ...(call.id !== undefined && { id: call.id }), ...(named !== '' && { name: named }), arguments: text })
  }
  const think = (text: string): void => {
    thinking += text
    onDelta({ type: 'thinking', text })
  }
  const say = (text: string): void => {
    content += text
    onDelta({ type: 'text', text })
  }
  const takeDelta = (delta: Delta): void => {
    const reasoning = delta.reasoning_content ?? delta.reasoning
    if (reasoning) think(reasoning)
    if (typeof delta.content === 'string' && delta.content !== '') say(delta.content)
    for (const part of Array.isArray(delta.content) ? delta.content : []) {
      const thought = thoughtIn(part.thinking)
      if (thought !== '') think(thought)
      if (part.text) say(part.text)
    }
    refusal += delta.refusal ?? ''
    for (const call of delta.tool_calls ?? []) takeCall(call)
    if (delta.function_call != null) takeCall({ index: 0, function: delta.function_call })
  }

  return {
    take: ({ choices, usage: counted }: z.infer<typeof chunkSchema>): void => {
      if (counted != null) usage = counted
      const [choice] = choices ?? []
      const delta = choice?.delta ?? choice?.message
      if (delta != null) takeDelta(delta)
      if (choice?.error != null) failure = choice.error
      if (choice?.finish_reason) finish = choice.finish_reason
    },
    /** The reason of its end has come. */
    finished: () => finish !== undefined,
    begun: () => content !== '' || thinking !== '' || refusal !== '' || calls.length > 0 || failure !== undefined,
    whole: (): unknown => ({
      choices: [
        {
          // Where no reason was given, nothing says that this is all of it.
          finish_reason: finish ?? 'length',
          ...(failure !== undefined && { error: failure }),
          message: {
            content,
            ...(thinking !== '' && { reasoning_content: thinking }),
            ...(refusal !== '' && { refusal }),
            ...(calls.length > 0 && { tool_calls: calls.map(({ id, name, arguments: written }) => ({ ...(id !== undefined && { id }), type: 'function', function: { name, arguments: written } })) }),
          },
        },
      ],
      ...(usage === undefined ? {} : { usage }),
    }),
  }
}

function thoughtIn(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking
  const parts = z.array(partSchema).safeParse(thinking)
  return parts.success ? parts.data.map(({ text }) => text ?? '').join('') : ''
}

/** Whether a named call comes after one that is whole. Some repeat the name with every piece: the same one without arguments is no other. */
const followsWhole = (before: Call, { name, arguments: written }: NonNullable<z.infer<typeof callSchema>['function']>): boolean =>
  (name !== before.name || (written ?? '') !== '') && before.arguments.trimStart().startsWith('{') && isJson(before.arguments)
