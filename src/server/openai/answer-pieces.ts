import type { PerdureClient } from '../../client/client.ts'
import type { AgentDefinition } from '../../protocol/definition.ts'
import { PerdureError } from '../../protocol/errors.ts'
import type { StepUsage } from '../../protocol/messages.ts'
import { withoutUndefined } from '../../protocol/without-undefined.ts'
import { eventsOfTurn } from '../streams/turn-events.ts'
import { givenName, type BroughtTools, type GivenNames } from './brought-tools.ts'
import { callIdOf } from './call-id.ts'
import type { NewsOfChat } from './chat-request.ts'
import type { NamedEvent } from './event-id.ts'
import { noUsage, note, replyPieces, type ReplyPiece } from './reply-pieces.ts'

/** A call that is the asker's to run, as it is told. */
export interface ToldCall {
  readonly id: string
  /** As the asker has named the tool. */
  readonly name: string
  /** JSON. */
  readonly arguments: string
}

/** A piece of an answer, with all that a wire has to say of it. */
export type AnswerPiece =
  | { readonly type: 'text'; readonly text: string }
  /** `ended`: the answer was not whole. */
  | { readonly type: 'end'; readonly usage: StepUsage; readonly calls: readonly ToldCall[]; readonly ended?: 'cut' | 'filtered' }

export interface Asked extends BroughtTools {
  readonly agent: string
  readonly definition: AgentDefinition
  readonly news: NewsOfChat
  /** What the user's texts are. Not asked for where there are none. */
  readonly event: () => Promise<NamedEvent>
  readonly leave: AbortSignal
}

export interface Answered {
  readonly eventId: string
  readonly pieces: AsyncIterable<AnswerPiece>
}

type Client = Pick<PerdureClient, 'answerCall' | 'post' | 'waiting' | 'watch'>

/**
 * Gives the agent what is new to it, and tells its answer. When it returns all that was given is durable; the rest is told as it comes.
 * @throws PerdureError
 */
export async function answerPieces(client: Client, { agent, definition, news: { texts, results }, tools, names, event, leave }: Asked): Promise<Answered> {
  const said = texts.length > 0 ? await event() : undefined
  const eventId = said?.eventId ?? results[0]?.eventId ?? ''
  const watched = client.watch(agent, { event: eventId, signal: leave })
  const over = await givenResults(client, agent, results)
  if (said !== undefined) await client.post(agent, said.text, withoutUndefined({ eventId, clientTools: tools.length > 0 ? tools : undefined, signal: leave }))
  else if (over.length === results.length && over[0] !== undefined) return { eventId, pieces: callOver(over[0]) }
  const events = eventsOfTurn(watched, { eventId, until: 'end', after: undefined })
  const pieces = replyPieces(events, { eventId, agent: definition, answered: new Set(results.map(({ op }) => op)) })
  return { eventId, pieces: withCalls(client, agent, { pieces, names: said === undefined ? (results[0]?.names ?? {}) : names }) }
}

/**
 * A history that holds a call whose time is over is sent again and again: its chat goes on without. What was answered before, or too late,
 * is no error: the turn has gone on, and its rest is told.
 * @returns why results were not taken
 */
async function givenResults(client: Client, agent: string, results: NewsOfChat['results']): Promise<readonly PerdureError[]> {
  const over: PerdureError[] = []
  for (const { op, text } of results) {
    try {
      await client.answerCall(agent, op, { text })
    } catch (error) {
      if (PerdureError.isInstance(error) && error.code === 'call-answered') continue
      if (!PerdureError.isInstance(error) || error.code !== 'call-unknown') throw error
      over.push(error)
    }
  }
  return over
}

async function* callOver({ code, message }: PerdureError): AsyncGenerator<AnswerPiece> {
  yield { type: 'text', text: note('The result was not taken', code, message) }
  yield { type: 'end', usage: noUsage, calls: [] }
}

/** The arguments of a call that waits are the agent's to tell. */
async function* withCalls(client: Client, agent: string, { pieces, names }: { readonly pieces: AsyncIterable<ReplyPiece>; readonly names: GivenNames }): AsyncGenerator<AnswerPiece> {
  for await (const piece of pieces) {
    if (piece.type === 'text') yield piece
    else if (piece.type === 'end') yield { ...piece, calls: [] }
    else {
      const waiting = await client.waiting(agent)
      const calls = piece.calls.flatMap(({ op }) => waiting.filter((call) => call.op === op))
      yield { type: 'end', usage: piece.usage, calls: calls.map(({ op, eventId, name, arguments: given }) => ({ id: callIdOf({ op, eventId, names }), name: givenName(names, name), arguments: JSON.stringify(given) })) }
    }
  }
}
