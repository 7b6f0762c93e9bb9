import { describe, expect, test } from 'vitest'
import { PerdureError, type ErrorCode } from '../../src/protocol/errors.ts'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import { answerPieces, type AnswerPiece, type Asked } from '../../src/server/openai/answer-pieces.ts'

const end: TurnEvent = { type: 'end', id: '', turn: 1, eventId: 'e', end: 'completed', figures: { steps: 2, promptTokens: 0, cachedTokens: 0, completionTokens: 0, latencyMs: 1 }, replies: [] }
const said: TurnEvent = { type: 'message', id: '', turn: 1, seq: 6, message: { agentId: 'ada', turn: 1, step: 2, op: 'ada/1/2/0', seq: 6, role: 'tool', text: '', tokens: 0, at: '', reply: 'Sunny.' } }
const begun: TurnEvent = { type: 'turn', id: '', turn: 1, event: { id: 'e', kind: 'user-message', seq: 1 } }

const posted: string[] = []
async function told(refused: ErrorCode, texts: Asked['news']['texts'] = []): Promise<readonly string[]> {
  const client = {
    answerCall: () => Promise.reject(new PerdureError(refused, 'why')),
    post: (_: string, text: string) => Promise.resolve(posted.push(text)),
    watch: async function* () { yield* [begun, said, end] },
    waiting: () => Promise.resolve([]),
  } as unknown as Parameters<typeof answerPieces>[0]
  const event = () => Promise.resolve({ eventId: 'e', text: 'Hi' })
  const news = { texts, results: [{ op: 'ada/1/1/0', eventId: 'e', names: {}, text: 'sunny' }] }
  const { pieces } = await answerPieces(client, { agent: 'ada', definition: {} as Asked['definition'], news, tools: [], names: {}, event, leave: new AbortController().signal })
  const all: AnswerPiece[] = []
  for await (const piece of pieces) all.push(piece)
  return all.map((piece) => (piece.type === 'text' ? piece.text : piece.type))
}

describe('a result whose call is over', () => {
  test('ends in a note where it comes alone, or in the rest of its turn, and is passed over beside a message [openai:compatible]', async () => {
    expect(await told('call-unknown')).toEqual(['[The result was not taken (call-unknown): why]', 'end'])
    expect(await told('call-answered')).toEqual(['Sunny.', 'end'])
    expect(posted).toEqual([])
    expect(await told('call-unknown', [{ text: 'Hi', end: 2 }])).toEqual(['Sunny.', 'end'])
    expect(posted).toEqual(['Hi'])
    await expect(told('server-unavailable')).rejects.toMatchObject({ code: 'server-unavailable' })
  })
})
