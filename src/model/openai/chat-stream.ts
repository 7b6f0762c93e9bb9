import { z } from 'zod'
import type { OnDelta } from '../model.ts'
import { ModelError } from '../model-error.ts'
import { notAnAnswer } from '../classify.ts'
import { givenInPieces } from './given-fields.ts'
import { readBytes } from './read-bytes.ts'
import { callPiecesIn, legacyPiecesIn } from './calls.ts'
import { callsInPieces } from './calls-in-pieces.ts'
import { holdsBack } from './chat-answer.ts'
import { callsOf, contentSchema, textOf, thoughtsOf } from './content.ts'
import { failureInBody, isFailure, type FailureInBody } from './failure-in-body.ts'
import { explainsSilence, statedReason, statedWord } from './finish-reason.ts'
import { reasoningIn, reasoningInDetails } from './reasoning.ts'
import { serverSentEvents, type ServerSentEvent } from './sse.ts'
import { usageFieldsIn } from './usage.ts'
import { thinkingIn } from '../thinking.ts'
import { isRecord } from '../../protocol/is-record.ts'
import { parsedJson } from '../../protocol/json.ts'

const textSchema = z.string().nullish().catch(undefined)

const deltaSchema = z.looseObject({
  content: contentSchema.catch(undefined),
  refusal: textSchema,
  tool_calls: z.unknown().optional().transform(callPiecesIn),
  function_call: z.unknown().optional().transform(legacyPiecesIn),
})

const choiceSchema = z.looseObject({
  finish_reason: z.unknown().optional(),
  error: z.unknown().optional(),
  delta: deltaSchema.nullish(),
  // A whole message, where an endpoint puts its answer into one event, or ends with it.
  message: deltaSchema.nullish(),
})

const chunkSchema = z.looseObject({ choices: z.array(choiceSchema).nullish() })

type Delta = z.infer<typeof deltaSchema>
type Choice = z.infer<typeof choiceSchema>

export interface StreamAnswer {
  /** As the endpoint would have given it without streaming. */
  readonly body: unknown
  /** The endpoint did not stream: this is its whole text. */
  readonly whole: boolean
}

/** Milliseconds for which more of an answer is waited for once a reason of its end has come, counted from its latest piece: heartbeats are none. */
export interface Patience {
  /** For its usage and `[DONE]`. */
  readonly surelyEnded: number
  /** Some state a reason with the thoughts already, and the reply or the call comes once it has been made. */
  readonly perhapsEnded: number
}

const usualPatience: Patience = { surelyEnded: 5_000, perhapsEnded: 60_000 }

/**
 * Reads an answer that was asked for as a stream; tells its deltas as they come. Whether it is a stream is seen in the body, as proxies name
 * any type. Errors within the stream are returned as the answer that they would have been: one reader is for both. What can be no piece of
 * an answer, as a heartbeat, is passed over. A stream that breaks after the reason of its end is complete: only its usage may be missing. But
 * a reason ends nothing for sure if only thoughts have come, or less than all arguments of a call, if more came after it, or if the server states one with each piece. Where all pieces have a word for nothing as their reason,
 * the last one's is taken for it once the stream has ended by itself.
 * @param signal  of the caller: once it is aborted, nothing is returned
 * @throws ModelError for a stream that breaks off: the request may be sent again
 */
export async function readChatStream(body: ReadableStream<Uint8Array>, onDelta: OnDelta, secrets: readonly string[], signal: AbortSignal, patience = usualPatience): Promise<StreamAnswer> {
  const answer = answerInPieces(onDelta)
  const read = readBytes(body, () => {
    const most = { no: undefined, perhaps: patience.perhapsEnded, surely: patience.surelyEnded }[answer.hasEnded()]
    return most === undefined ? undefined : Math.max(0, most - answer.unchangedFor())
  })
  let done = false
  let passedOver = ''
  let heldBack: unknown
  try {
    for await (const event of serverSentEvents(read.bytes, piecesAlone())) {
      const { data } = event
      read.holdsEvents()
      if (data.trim() === '[DONE]') {
        done = true
        break
      }
      const json = parsedJson(data)
      const error = failureOf(event, json)
      if (error !== undefined) return { body: { error }, whole: false }
      if (isNoPiece(event, json)) {
        passedOver = data.trim() || passedOver
        continue
      }
      const chunk = chunkSchema.safeParse(json)
      if (!chunk.success) throw notAnAnswer(`an event of its stream: ${data}`, { secrets })
      if (holdsBack(json)) heldBack = json
      answer.take(chunk.data)
    }
  } catch (error) {
    if (answer.hasEnded() !== 'surely' || signal.aborted) throw error
  }
  const text = read.textWithoutEvents()
  if (text !== undefined && isWhole(text)) return { body: text, whole: true }
  if (answer.hasEnded() !== 'no' || answer.endsWithoutReason() || (done && answer.begun())) return { body: answer.whole(done), whole: false }
  if (heldBack !== undefined && !answer.begun()) return { body: heldBack, whole: false }
  // A sentence may be the reason why it broke off; a word is a heartbeat, but where there is nothing else.
  if (passedOver !== '' && (!answer.begun() || /\s/.test(passedOver))) throw notAnAnswer(`an event of its stream: ${passedOver}`, { secrets })
  throw new ModelError('unreachable', "the stream of the model's endpoint broke off before its answer was complete: check its logs, and proxies before it")
}

/** An event that is named so, or names itself so, is a failure; so is one that gives a text but no choices, and is no heartbeat. */
function failureOf(event: ServerSentEvent, json: unknown): FailureInBody | undefined {
  const { name, data } = event
  if (name === 'error' || isFailure(json)) return failureInBody(json) ?? { message: (isRecord(json) ? '' : data.trim()) || 'no further word' }
  if (isNoPiece(event, json)) return undefined
  return isRecord(json) && json['choices'] == null ? failureInBody(json) : undefined
}

const beat = /^(?:ping|pong|heart[ _-]?beat|keep[ _-]?alive)$/i

/**
 * Whether an event can be no piece of an answer: it has no data, names itself a heartbeat, or has as its data a word, a text, or a value of
 * JSON that is no object. Proxies keep connections open by such events, each in its own way. What begins as an object or as a list was meant
 * as a piece, and is one that was damaged where it can't be read.
 */
function isNoPiece({ name, data }: ServerSentEvent, json: unknown): boolean {
  if (isRecord(json)) return json['choices'] == null && [name, json['type'], json['event'], json['object']].some((word) => typeof word === 'string' && beat.test(word))
  return (name !== undefined && beat.test(name)) || !/^\s*(?:\{|\[(?!\s*\]))/.test(data)
}

/** Knows pieces of an answer that stand on lines of their own, what stands so behind one, and failures. An answer that is whole may be a line too. */
function piecesAlone(): (line: string) => boolean {
  let begun = false
  return (line) => {
    const json = line.startsWith('{') ? parsedJson(line) : undefined
    begun ||= isPiece(json)
    return (begun && isRecord(json)) || isFailure(json)
  }
}

function isPiece(json: unknown): boolean {
  if (!isRecord(json)) return false
  const [choice] = Array.isArray(json['choices']) ? (json['choices'] as readonly unknown[]) : []
  return json['object'] === 'chat.completion.chunk' || (isRecord(choice) && isRecord(choice['delta']))
}

/** A stream's comments alone, and the beginning of an event, are no whole answer. */
const isWhole = (text: string): boolean => !/^\s*(?:$|:|data:|event:)/.test(text)

/** A server that has gone on so often states a reason with each piece, and none of them is believed. */
const mostUntrue = 2

function answerInPieces(onDelta: OnDelta) {
  let [content, thinking, refusal] = ['', '', '']
  let finish: string | undefined
  /** Of the latest piece, also a word for nothing. */
  let word: string | undefined
  /** More has come since. */
  let wentOn = false
  /** Pieces that came behind a reason that had stood beside an answer. */
  let untrue = 0
  let inPieces = false
  let failure: unknown
  let usage: unknown
  let changed = performance.now()
  const calls = callsInPieces(onDelta)
  const think = (text: string): void => {
    thinking += text
    onDelta({ type: 'thinking', text })
  }
  const say = (text: string): void => {
    content += text
    onDelta({ type: 'text', text })
  }
  const beside = givenInPieces('message')
  /** Thoughts have come in a field of their own, so those in another one are the same. */
  let thoughtApart = false
  const takeDelta = (delta: Delta): void => {
    beside.take(delta)
    const reasoning = reasoningIn(delta)
    thoughtApart ||= reasoning !== ''
    const thought = thoughtApart ? reasoning : reasoningInDetails(delta)
    if (thought !== '') think(thought)
    const [thoughts, said] = [thoughtsOf(delta.content), textOf(delta.content)]
    if (thoughts !== '') think(thoughts)
    if (said !== '') say(said)
    refusal += delta.refusal ?? ''
    for (const piece of [...delta.tool_calls, ...delta.function_call, ...callsOf(delta.content)]) calls.take(piece)
  }
  /** Pieces have come, and now all of it at once: what of it is new. */
  const takeWhole = (message: Delta): void => {
    const rest = restOf(textOf(message.content), content)
    if (rest !== '') say(rest)
    const thought = thinking === '' ? reasoningIn(message) || reasoningInDetails(message) : ''
    if (thought !== '') think(thought)
    if (Object.keys(beside.whole()).length === 0) beside.take(message)
    refusal += restOf(message.refusal ?? '', refusal)
    if (!calls.begun()) for (const piece of [...message.tool_calls, ...message.function_call, ...callsOf(message.content)]) calls.take(piece)
  }

  const written = (): number => content.length + thinking.length + refusal.length + calls.written()
  /** Than thoughts. */
  const saysMore = (): boolean => failure !== undefined || refusal !== '' || calls.begun() || thinkingIn(content).rest !== ''

  const hasEnded = (): 'no' | 'perhaps' | 'surely' => {
    if (finish === undefined) return 'no'
    return !wentOn && untrue < mostUntrue && (explainsSilence(finish) || (saysMore() && !calls.areBegunOnly())) ? 'surely' : 'perhaps'
  }

  /** One answer is asked for: where several choices come, each is a part of it. Some servers number the pieces of one so, and none is told by its number. */
  const takeChoice = (choice: Choice): void => {
    const [before, ended] = [written(), hasEnded()]
    if (choice.delta != null) {
      takeDelta(choice.delta)
      inPieces ||= written() > before
    } else if (choice.message != null) (inPieces ? takeWhole : takeDelta)(choice.message)
    if (isFailure(choice)) failure = choice.error
    const reason = statedReason(choice.finish_reason)
    finish = reason ?? finish
    word = statedWord(choice.finish_reason)
    wentOn = reason === undefined && (wentOn || written() > before)
    if (written() > before || hasEnded() !== ended) changed = performance.now()
  }

  return {
    take: (chunk: z.infer<typeof chunkSchema>): void => {
      usage = usageFieldsIn(chunk, usage) ?? usage
      const [before, ended] = [written(), hasEnded()]
      for (const choice of chunk.choices ?? []) takeChoice(choice)
      if (ended === 'surely' && written() > before) untrue += 1
    },
    hasEnded,
    /** Milliseconds since a piece brought anything. Some endpoints keep connections open by pieces that are empty. */
    unchangedFor: (): number => performance.now() - changed,
    /** For a stream that has ended by itself. A call without all its arguments was cut. */
    endsWithoutReason: (): boolean => word !== undefined && saysMore() && calls.areWhole(),
    begun: () => content !== '' || thinking !== '' || refusal !== '' || calls.begun() || failure !== undefined,
    /** @param isDone the server has said that nothing more comes */
    whole: (isDone: boolean): unknown => ({
      choices: [
        {
          // Where neither a reason was given nor `[DONE]`, nothing says that this is all of it. Of a call without arguments nobody knows.
          finish_reason: finish ?? word ?? (isDone && calls.areWhole() ? 'unstated' : 'length'),
          ...(failure !== undefined && { error: failure }),
          message: {
            ...beside.whole(),
            content,
            ...(thinking !== '' && { reasoning_content: thinking }),
            ...(refusal !== '' && { refusal }),
            ...(calls.begun() && { tool_calls: calls.whole() }),
          },
        },
      ],
      ...(usage === undefined ? {} : { usage }),
    }),
  }
}

/** What a text has behind its beginning; nothing where it is another text. */
const restOf = (text: string, beginning: string): string => (text.startsWith(beginning) ? text.slice(beginning.length) : '')
