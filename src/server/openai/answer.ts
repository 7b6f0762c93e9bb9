import type { Context as HonoContext } from 'hono'
import { abortWith } from '../../client/abort-with.ts'
import type { PerdureClient } from '../../client/client.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import type { Admitted } from '../admission.ts'
import type { AppOptions } from '../app-options.ts'
import { Refusal } from '../refusal.ts'
import type { ServerSent, Wire } from '../streams/server-sent.ts'
import { streamAnswer } from '../streams/stream-answer.ts'
import { asidePieces, namedModel } from './aside-pieces.ts'
import type { ChatMessage } from './chat-request.ts'
import { answerPieces, type Answered, type AnswerPiece, type Asked } from './answer-pieces.ts'
import { namedEvent, type AskedEvent } from './event-id.ts'
import { isFrontEndTask } from './front-end-task.ts'

export type ServedAgent = NonNullable<Awaited<ReturnType<PerdureClient['get']>>>

/** @throws PerdureError `agent-unknown` */
export async function agentOf(client: Pick<PerdureClient, 'get'>, model: string): Promise<ServedAgent> {
  const { agent: name } = namedModel(model)
  const agent = await client.get(name)
  if (agent !== undefined) return agent
  throw new PerdureError('agent-unknown', `there is no agent ${JSON.stringify(name.slice(0, 100))}; a model is the id of an agent, and GET /models lists them`)
}

export interface Question extends Pick<Asked, 'agent' | 'names' | 'news' | 'tools'>, Pick<AskedEvent, 'messages'> {
  readonly stream: boolean
  /** What was said, in the form of a chat. */
  readonly chat: readonly ChatMessage[]
  /** Of an aside's answer. */
  readonly maxOutputTokens: number | undefined
  /** Who asks: the same messages of another one are another request. */
  readonly asked: Readonly<Record<string, unknown>>
}

/** How an answer is written: at once, or as it comes. */
export interface AnswerForm {
  whole(eventId: string, pieces: AsyncIterable<AnswerPiece>): Promise<object>
  streamed(eventId: string, pieces: AsyncIterable<AnswerPiece>): AsyncIterable<ServerSent>
  /** How its stream breaks off. */
  readonly wire: Wire
}

export async function answer(context: HonoContext<Admitted>, options: AppOptions, { stream, messages, asked, chat, maxOutputTokens, ...question }: Question, form: AnswerForm): Promise<Response> {
  const client = context.get('client')
  const { stopping } = options
  const { raw } = context.req
  const { news: { texts }, tools } = question
  const { agent, aside } = namedModel(question.agent)
  const task = !aside && options.frontEndTasks !== 'agent' && texts.some(({ text }) => isFrontEndTask(text))
  if (task && options.frontEndTasks === 'refuse') throw taskRefused()
  const { definition } = await agentOf(client, agent)
  const ask = async (leave: AbortSignal) => {
    if (aside || task) return asidePieces(client, { agent, chat, maxOutputTokens, leave })
    const event = () => namedEvent(client, agent, { headers: raw.headers, messages, texts, asked: [asked, tools], now: Date.now(), leave })
    return answerPieces(client, { ...question, agent, definition, event, leave })
  }
  try {
    if (!stream) return await answerWhole(raw.signal, stopping, ask, form)
    const streamed = async (leave: AbortSignal) => {
      const { eventId, pieces } = await ask(leave)
      return form.streamed(eventId, pieces)
    }
    return await streamAnswer(context, options, streamed, form.wire)
  } catch (error) {
    // Whoever is gone is told nothing of it.
    if (raw.signal.aborted || stopping.aborted) throw new Refusal('shutting-down', `this server stops; ${aside || task ? 'nothing is kept of an aside' : 'the turn goes on'}: ask the same again`, { 'retry-after': '1' })
    throw error
  }
}

const taskRefused = (): PerdureError =>
  invalidArgument('this is a task of the front end, such as a title, and this server refuses these (PERDURE_OPENAI_TASKS): name another model for tasks in the settings of the front end')

async function answerWhole(gone: AbortSignal, stopping: AbortSignal, ask: (leave: AbortSignal) => Promise<Answered>, form: AnswerForm): Promise<Response> {
  const over = new AbortController()
  const letGo = abortWith(over, gone, stopping)
  try {
    const { eventId, pieces } = await ask(over.signal)
    return Response.json(await form.whole(eventId, pieces), { headers: { 'cache-control': 'no-store' } })
  } finally {
    letGo()
    over.abort()
  }
}
