import { afterEach, describe, expect, test } from 'vitest'
import type { ImportedMessage } from '../../src/index.ts'
import { say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

/** Forty exchanges, a day apart, each with a word of its own. */
const conversation = Array.from({ length: 40 }, (_, day): ImportedMessage[] => {
  const at = (hour: number): string => new Date(Date.UTC(2024, 0, 1 + day, hour)).toISOString()
  return [
    { role: 'user', text: `On day ${day} I saw bird${day}. ${'It was a fine day for birds. '.repeat(6)}`, at: at(8) },
    { role: 'assistant', text: `A bird${day}, how nice!`, at: at(9) },
  ]
}).flat()

async function imported(): Promise<{ readonly model: ScriptedModel; readonly id: string }> {
  const model = scriptedModel([], { afterwards: say('I remember.') })
  agents = await startAgents({ model })
  const id = agents.agentId
  await agents.client.importConversation({ id, model: 'scripted', contextWindow: 8_000 }, conversation)
  return { model, id }
}

describe('an imported conversation', () => {
  test('is in recall memory whole, with its own times, and is searched like any other [recall:search recall:never-deleted]', async () => {
    const { id } = await imported()
    const { client } = agents
    expect((await client.messages(id)).filter(({ role }) => role === 'user').map(({ at }) => at)).toEqual(conversation.filter(({ role }) => role === 'user').map(({ at }) => at))
    const { messages } = await client.searchRecall(id, { text: 'bird7', conversation: true })
    expect(messages.map(({ text, reply, at }) => [reply ?? text.slice(0, 23), at])).toEqual(
      expect.arrayContaining([
        ['On day 7 I saw bird7. I', '2024-01-08T08:00:00.000Z'],
        ['A bird7, how nice!', '2024-01-08T09:00:00.000Z'],
      ]),
    )
    const { total } = await client.searchRecall(id, { from: '2024-01-31T00:00:00Z', to: '2024-02-02T00:00:00Z', conversation: true })
    expect(total).toBe(4)
    expect((await client.searchRecall(id)).messages.map(({ seq }) => seq)).toEqual((await client.searchRecall(id, { order: 'newest', limit: 20 })).messages.map(({ seq }) => seq))
    await expect(client.searchRecall(id, { from: '2024-02-02T00:00:00Z', to: '2024-01-31T00:00:00Z' })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('is later than to') as string })
  })

  test('goes on: its latest messages are in the context, calls with their results, and the rest is counted outside [context:layout step:pairing external:statistics]', async () => {
    const { id, model } = await imported()
    const turn = await agents.client.send(id, 'What did I see last?')
    expect(turn.end).toBe('completed')
    const prompt = model.requests[0]?.messages ?? []
    const text = prompt.map(({ content }) => content).join('\n')
    expect(text).toContain('bird39')
    expect(text).not.toContain('I saw bird0.')
    for (const [index, message] of prompt.entries()) {
      if (message.role === 'assistant') expect(prompt[index + 1]).toMatchObject({ role: 'tool', toolCallId: message.toolCalls[0]?.id })
    }
    const { queueTokens, evicted, contextWindow } = await agents.client.state(id)
    expect(queueTokens).toBeGreaterThan(contextWindow * 0.1)
    expect(queueTokens).toBeLessThan(contextWindow * 0.3)
    expect(evicted).toBeGreaterThan(60)
  })

  test('has no turn for its last message, though nobody had answered that [recover:from-stores agent:create]', async () => {
    const model = scriptedModel([], { afterwards: say('I remember.') })
    agents = await startAgents({ model })
    const id = agents.agentId
    await agents.client.importConversation({ id, model: 'scripted', contextWindow: 8_000 }, [...conversation, { role: 'user', text: 'Is anybody there?', at: '2024-03-01T00:00:00.000Z' }])
    expect(await agents.client.send(id, 'Hello.', { eventId: 'hello' })).toMatchObject({ end: 'completed', replyTexts: ['I remember.'] })
    expect(model.requests).toHaveLength(1)
    expect((await agents.client.messages(id, { limit: 1_000 })).filter(({ text }) => text === 'Is anybody there?')).toHaveLength(1)
  })

  test('changes nothing when it is imported again, also after it was talked to [mailbox:dedupe agent:create]', async () => {
    const { id } = await imported()
    const { client } = agents
    await client.send(id, 'Hello')
    const before = await client.messages(id)
    await client.importConversation({ id, model: 'scripted', contextWindow: 8_000 }, conversation)
    expect(await client.messages(id)).toEqual(before)
  })

  test('does not mix with an agent that came from something else [agent:create]', async () => {
    const { id } = await imported()
    const { client } = agents
    const other = conversation.slice(2)
    await expect(client.importConversation({ id, model: 'scripted', contextWindow: 8_000 }, other)).rejects.toMatchObject({ code: 'agent-exists' })
    await client.create({ id: `${id}-plain`, model: 'scripted' })
    await expect(client.importConversation({ id: `${id}-plain`, model: 'scripted' }, conversation)).rejects.toMatchObject({ code: 'agent-exists' })
  })

  test.each<[string, readonly ImportedMessage[], string, RegExp]>([
    ['nothing', [], 'invalid-argument', /no messages/],
    ['an empty message', [{ role: 'user', text: ' ', at: '2024-01-01T00:00:00Z' }], 'message-empty', /message 1: /],
    ['a message too large', [{ role: 'user', text: 'x'.repeat(70_000), at: '2024-01-01T00:00:00Z' }], 'message-too-large', /message 1: .*65536/],
    ['no time', [{ role: 'user', text: 'x', at: 'soon' }], 'invalid-argument', /message 1: at is a time/],
    ['times out of order', conversation.toReversed(), 'invalid-argument', /message 2 was said before/],
  ])('of %s is refused by name, and creates no agent [agent:create]', async (_, messages, code, text) => {
    agents = await startAgents({ model: scriptedModel([]) })
    const { client, agentId } = agents
    await expect(client.importConversation({ id: agentId, model: 'scripted' }, messages)).rejects.toMatchObject({ code, message: expect.stringMatching(text) as string })
    expect(await client.get(agentId)).toBeUndefined()
  })
})
