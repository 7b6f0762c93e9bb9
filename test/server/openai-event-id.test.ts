import { describe, expect, test } from 'vitest'
import { PerdureError } from '../../src/protocol/errors.ts'
import { namedEvent, type AskedEvent, type NamedEvent } from '../../src/server/openai/event-id.ts'

type Client = Parameters<typeof namedEvent>[0]

/** An agent that was sent these, of which the first is in its mailbox. */
const agentWith = (sent: readonly string[], state: () => Promise<unknown> = () => Promise.resolve({ mailbox: sent.slice(0, 1).map((eventId) => ({ eventId })) })): Client =>
  ({ searchRecall: () => Promise.resolve({ messages: sent.slice(1).map((eventId) => ({ eventId })) }), state }) as unknown as Client

const asking = (given: Partial<AskedEvent> & { readonly said?: readonly string[] } = {}, client = agentWith([])): Promise<NamedEvent> => {
  const { said = ['Hello'], ...rest } = given
  const texts = said.map((text, index) => ({ text, end: index + 1 }))
  return namedEvent(client, 'ada', { headers: new Headers(), messages: said, texts, asked: {}, now: 0, leave: new AbortController().signal, ...rest })
}

describe('the event that a request is', () => {
  test('is the same for the same request, also later while it is known, and has the id that a header gives [openai:compatible mailbox:dedupe]', async () => {
    const first = await asking()
    expect(first.text).toBe('Hello')
    expect(await asking({ now: 60_000 })).toEqual(first)
    expect((await asking({ now: 3_600_000 })).eventId).not.toBe(first.eventId)
    for (const sent of [[first.eventId], ['other', first.eventId]]) expect(await asking({ now: 3_600_000 }, agentWith(sent))).toEqual(first)
    expect(await asking({ headers: new Headers({ 'x-message-id': 'm1' }) })).toEqual({ eventId: 'm1', text: 'Hello' })
  })

  test('is another one of another person, with other tools, in another chat [openai:compatible]', async () => {
    const { eventId } = await asking()
    for (const other of [{ asked: { key: 'k1' } }, { asked: { user: 'ben' } }, { headers: new Headers({ 'x-chat-id': 'c1' }) }, { messages: ['Hello', 'x'], texts: [{ text: 'Hello', end: 2 }] }]) expect((await asking(other)).eventId).not.toBe(eventId)
  })

  test('leaves out what was sent by itself lately, each time that it is asked [openai:compatible mailbox:dedupe]', async () => {
    const one = await asking({ said: ['One.'] })
    const both = await asking({ said: ['One.', 'Two.', 'Three.'] }, agentWith([one.eventId]))
    expect(both.text).toBe('Two.\n\nThree.')
    expect(await asking({ said: ['One.', 'Two.', 'Three.'], now: 3_600_000 }, agentWith([both.eventId]))).toEqual(both)
    expect((await asking({ said: ['One.', 'Two.'] })).text).toBe('One.\n\nTwo.')
  })

  test('is found as soon where a request has very many messages [openai:compatible]', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `Message ${index} of somebody who writes without waiting for an answer.`)
    const before = performance.now()
    expect((await asking({ said: many })).text.startsWith('Message 0')).toBe(true)
    // Written down anew for each of them it would be minutes.
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  test('is known without an agent\'s worker too, and whoever leaves is not kept [openai:compatible]', async () => {
    const first = await asking()
    expect(await asking({}, agentWith([], () => Promise.reject(new PerdureError('no-worker', 'away'))))).toEqual(first)
    const gone = new AbortController()
    const kept = asking({ leave: gone.signal }, agentWith([], () => new Promise(() => undefined)))
    gone.abort(new Error('gone'))
    await expect(kept).rejects.toThrow('gone')
  })
})
