import { describe, expect, test } from 'vitest'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import { replyPieces, type ReplyOptions, type ReplyPiece } from '../../src/server/openai/reply-pieces.ts'

const place = { id: '', turn: 1, step: 1, seq: 2 }
const step = (seq: number, number = 1): TurnEvent => ({ type: 'message', ...place, seq, message: stored({ op: `ada/1/${number}`, role: 'assistant', step: number, seq, usage: { promptTokens: 10, cachedTokens: 4, completionTokens: 2 } }) })
const reply = (text: string, seq: number, callIndex = 0, number = 1): TurnEvent => ({ type: 'message', ...place, seq, message: stored({ op: `ada/1/${number}/${callIndex}`, role: 'tool', step: number, seq, reply: text }) })
const stored = (fields: object) => ({ agentId: 'ada', turn: 1, text: '', tokens: 0, at: '', op: '', seq: 0, step: 1, role: 'tool' as const, ...fields })
const delta = (text: string, options: { readonly call?: number; readonly attempt?: number } = {}): TurnEvent => ({ type: 'delta', ...place, attempt: 1, n: 1, kind: 'text', text, call: 0, ...options })
const reset: TurnEvent = { type: 'reset', ...place, attempt: 2 }
const end: TurnEvent = { type: 'end', id: '', turn: 1, eventId: 'e', end: 'completed', figures: { steps: 1, promptTokens: 10, cachedTokens: 4, completionTokens: 2, latencyMs: 1 }, replies: [] }
const waits = (name: string, op = 'ada/1/1/0', { turn = 1, eventId = 'e' } = {}): readonly TurnEvent[] => [
  { type: 'waiting', id: '', turn, calls: [{ op, name, for: 'client', since: 0, until: 1 }] },
  { type: 'parked', id: '', turn, eventId, reason: 'client-tool', retryAt: 1 },
]
const parked: TurnEvent = { type: 'parked', id: '', turn: 1, eventId: 'e', reason: 'model-refused', detail: 'no credit' }
const standsStill = '[The agent stands still (model-refused): no credit]'
const weather = { name: 'weather', description: 'The weather.', parameters: {} }

async function pieces(events: readonly TurnEvent[], options: Partial<ReplyOptions> = {}): Promise<readonly ReplyPiece[]> {
  const all: ReplyPiece[] = []
  for await (const piece of replyPieces((async function* () { yield* events })(), { eventId: 'e', agent: {}, answered: new Set(), ...options })) all.push(piece)
  return all
}
const told = async (events: readonly TurnEvent[], options?: Partial<ReplyOptions>): Promise<readonly string[]> =>
  (await pieces(events, options)).map((piece) => (piece.type === 'text' ? piece.text : piece.type))

describe('what a turn comes to where there are answers only', () => {
  test('is its replies as they are written, each whole, with a blank line between two [openai:compatible]', async () => {
    expect(await told([delta('Hello '), delta('Ada'), step(2), reply('Hello Ada.', 3), end])).toEqual(['Hello ', 'Ada', '.', 'end'])
    expect(await told([step(2), reply('One.', 3), reply('Two.', 4, 1), end])).toEqual(['One.', '\n\nTwo.', 'end'])
    expect(await told([delta('One.'), delta('Two', { call: 1 }), step(2), reply('One.', 3), reply('Two.', 4, 1), end])).toEqual(['One.', '\n\nTwo', '.', 'end'])
  })

  test('of a model that was asked again goes on where it says the same, and is told anew where it does not [openai:compatible]', async () => {
    expect(await told([delta('Hello'), reset, delta('Hello Ada', { attempt: 2 }), step(2), reply('Hello Ada.', 3), end])).toEqual(['Hello', ' Ada.', 'end'])
    expect(await told([delta('Hello'), reset, delta('Good', { attempt: 2 }), step(2), reply('Good day.', 3), end])).toEqual(['Hello', '\n\n[…]\n\nGood day.', 'end'])
  })

  test('is calls where the asker\'s own tools wait, and goes on after they were answered [openai:compatible]', async () => {
    expect(await told([step(2), ...waits('weather')])).toEqual(['calls'])
    const rest = [...waits('weather'), step(4, 2), reply('Sunny.', 5, 0, 2), end]
    expect(await told([step(2), ...rest], { answered: new Set(['ada/1/1/0']) })).toEqual(['Sunny.', 'end'])
    // Another call of a tool that the turn has, whatever the request with the result has brought.
    expect(await told([step(2), ...waits('weather'), step(4, 2), ...waits('weather', 'ada/1/2/0')], { answered: new Set(['ada/1/1/0']) })).toEqual(['calls'])
  })

  test('never is another turn\'s call: it says what it waits for, or waits where that was just answered [openai:compatible]', async () => {
    const other = waits('weather', 'ada/1/1/0', { eventId: 'other' })
    const own: readonly TurnEvent[] = [{ type: 'turn', id: '', turn: 2, event: { id: 'e', kind: 'user-message', seq: 4 } }, { ...reply('Hi.', 6), turn: 2 } as TurnEvent, { ...end, turn: 2 }]
    expect(await told([...other, ...own])).toEqual([expect.stringMatching(/^\[The agent stands still in an earlier turn, .*\(client-tool\)\]$/), 'end'])
    expect(await told([...other, ...own], { answered: new Set(['ada/1/1/0']) })).toEqual(['Hi.', 'end'])
    expect(await told([{ ...parked, eventId: 'other', retryAt: 1 }, ...own])).toEqual(['Hi.', 'end'])
  })

  test('says that it waits for somebody else\'s tool, and why it stands still after its own were answered [openai:compatible]', async () => {
    expect(await told([step(2), ...waits('weather')], { agent: { clientTools: [weather] } })).toEqual(['[The agent stands still (client-tool)]', 'end'])
    expect(await told([step(2), ...waits('weather'), parked], { answered: new Set(['ada/1/1/0']) })).toEqual([standsStill, 'end'])
  })

  test('of a step with calls says all that it says before them, once, and counts it once [openai:compatible]', async () => {
    const asked: TurnEvent = { type: 'message', ...place, message: stored({ op: 'ada/1/1', role: 'assistant', seq: 2, usage: { promptTokens: 10, cachedTokens: 4, completionTokens: 2 }, calls: [{ id: 'a', name: 'send_message', arguments: '{"message":" One moment. "}' }, { id: 'b', name: 'weather', arguments: '{}' }] }) }
    const waiting = waits('weather', 'ada/1/1/1')
    const after = [reply('One moment.', 3), step(5, 2), reply('Sunny.', 6, 0, 2), end]
    const answered = new Set(['ada/1/1/1'])
    expect(await told([asked, ...waiting])).toEqual(['One moment.', 'calls'])
    expect(await told([delta('One '), asked, ...waiting])).toEqual(['One ', 'moment.', 'calls'])
    const rest = await pieces([delta('One '), asked, ...waiting, ...after], { answered })
    expect(rest).toEqual([{ type: 'text', text: 'Sunny.' }, { type: 'end', usage: { promptTokens: 10, cachedTokens: 4, completionTokens: 2 } }])
    // What a person has to approve is told when it is said, and not before.
    const agent = { approval: ['send_message'] }
    expect(await told([asked, ...waiting], { agent })).toEqual(['calls'])
    expect(await told([asked, ...waiting, ...after], { agent, answered })).toEqual(['One moment.', '\n\nSunny.', 'end'])
  })

  test('says why it stands still, but where it goes on by itself [openai:compatible]', async () => {
    expect(await told([step(2), parked])).toEqual([standsStill, 'end'])
    expect(await told([{ ...parked, retryAt: 1 }, step(2), reply('Here.', 3), end])).toEqual(['Here.', 'end'])
  })
})
