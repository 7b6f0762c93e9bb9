import { describe, expect, test } from 'vitest'
import type { ChatMessage } from '../../src/model/model.ts'
import { simulatedModel } from '../../src/testing.ts'
import { countTokens } from '../../src/model/tokens.ts'
import { conversation } from './simulated-conversation.ts'

const never = new AbortController().signal

describe('the simulated model remembers', () => {
  test('facts about the user in core memory, and says so', async () => {
    const chat = conversation()
    const reply = await chat.say('Hi, my name is Ada and I live in Paris. I love tea!')
    expect(chat.callsOf(0)).toEqual([
      ['core_memory_append', { label: 'human', content: 'Name: Ada\nLives in Paris\nLikes tea', request_heartbeat: true }],
    ])
    expect(reply).toMatch(/Nice to meet you, Ada!.*you live in Paris/)
    expect(await chat.say('Where do I live?')).toBe('You live in Paris.')
    expect(chat.steps).toHaveLength(1)
  })

  test('a correction in place of the old line', async () => {
    const chat = conversation({ human: 'Name: Ada\nFavourite colour: blue\nLives in Paris' })
    await chat.say('Actually, I moved to Lisbon last month, and my favorite colour is now green.')
    expect(chat.callsOf(0).map(([name]) => name)).toEqual(['core_memory_replace', 'core_memory_replace'])
    expect(chat.blocks.get('human')).toBe('Name: Ada\nFavourite colour: green\nLives in Lisbon')
  })

  test('nothing twice', async () => {
    const chat = conversation({ human: 'Name: Ada' })
    await chat.say('My name is Ada.')
    expect(chat.callsOf(0).map(([name]) => name)).toEqual(['send_message'])
  })

  test('what it is told to be in its persona', async () => {
    const chat = conversation({ persona: 'My name is Perdure. I have a long memory.' })
    await chat.say('Please call yourself Sam.')
    expect(chat.blocks.get('persona')).toBe('My name is Sam. I have a long memory.')
    await chat.say('Please be more formal.')
    expect(chat.blocks.get('persona')).toContain('\nI should be more formal.')
    expect(await chat.say('Who are you?')).toContain('My name is Sam.')
  })

  test('in archival memory what a full block does not take', async () => {
    const chat = conversation({ human: 'x'.repeat(50), blockLimit: 60 })
    const reply = await chat.say('My birthday is on 3 May.')
    expect(chat.passages.map(({ text }) => text)).toEqual(['Birthday: 3 May'])
    expect(reply).toContain('your birthday is 3 May')
  })

  test('notes in archival memory, and finds them when the context no longer has them', async () => {
    const chat = conversation()
    await chat.say('Remember that the door code of the cellar is 4711.')
    expect(chat.passages[0]?.text).toBe('The door code of the cellar is 4711.')
    chat.evict()
    expect(await chat.say('What is the door code?')).toContain('I found this in my archive: "The door code of the cellar is 4711."')
    expect(chat.callsOf(0).map(([name]) => name)).toEqual(['archival_memory_search', 'conversation_search'])
  })
})

describe('the simulated model looks', () => {
  test('through recall for what was said, paging until it is found', async () => {
    const chat = conversation()
    await chat.say('The weather in Bergen was terrible and we all got soaked.')
    for (let day = 1; day <= 7; day += 1) await chat.say(`The weather report of day ${day} came in.`)
    chat.evict()
    expect(await chat.say('What did I say about the weather in Bergen?')).toContain(
      'You told me on 2026-11-21: "The weather in Bergen was terrible and we all got soaked."',
    )
    expect(chat.callsOf(1)).toEqual([['conversation_search', { query: 'weather Bergen', page: 2, request_heartbeat: true }]])
  })

  test('at the last page for what was said first', async () => {
    const chat = conversation()
    for (let visit = 1; visit <= 6; visit += 1) await chat.say(`We visited the museum, visit number ${visit}.`)
    chat.evict()
    expect(await chat.say('What did I first tell you about the museum?')).toContain('visit number 1.')
    expect(chat.steps.length).toBeLessThanOrEqual(3)
  })

  test('at a day for what was said then', async () => {
    const chat = conversation()
    await chat.say('We planted an apple tree in the garden.')
    chat.evict()
    chat.now = '2026-11-22T09:00:00Z'
    expect(await chat.say('What did we talk about yesterday?')).toContain('On 2026-11-21 you said: "We planted an apple tree in the garden."')
    expect(chat.callsOf(0)).toEqual([['conversation_search_date', { start_date: '2026-11-21', end_date: '2026-11-21', request_heartbeat: true }]])
  })

  test('into the summary before it searches', async () => {
    const chat = conversation()
    chat.summary =
      'Summary of 9 earlier messages, all of which are in recall memory:\nTo remember: The boat is moored at pier seven; The key hangs behind the door'
    expect(await chat.say('Where is the boat moored?')).toBe('From earlier I still know this: "The boat is moored at pier seven"')
    expect(chat.steps).toHaveLength(1)
  })

  test('and admits that it found nothing, after at most four steps', async () => {
    const chat = conversation()
    for (let number = 1; number <= 40; number += 1) chat.recall.push({ at: chat.now, from: 'user', text: `France, remark ${number}` })
    expect(await chat.say('What is the best restaurant for oysters in France?')).toContain('found nothing')
    expect(chat.steps).toHaveLength(4)
  })

  test('not at all for small talk, which knows the name', async () => {
    const chat = conversation({ human: 'Name: Ada' })
    const replies = [await chat.say('hello'), await chat.say('How are you?'), await chat.say('thanks!'), await chat.say('bye')]
    expect(replies.filter((reply) => reply.includes('Ada')).length).toBeGreaterThanOrEqual(2)
    expect(chat.recall.filter(({ from }) => from === 'you')).toHaveLength(4)
  })
})

describe('the simulated model, at an event,', () => {
  test('says at first that it is simulated, and never again', async () => {
    const chat = conversation()
    expect((await chat.say('hello')).split('\n')[0]).toMatch(/^\(Simulated model/)
    expect(await chat.say('hello again')).not.toContain('Simulated')
    chat.evict()
    chat.summary = 'The user said: hello'
    expect(await chat.say('hi')).not.toContain('Simulated')
  })

  test('greets at a login by name, and is there at a heartbeat', async () => {
    const chat = conversation({ human: 'Name: Ada' })
    expect(await chat.event('login')).toContain('Ada')
    expect(await chat.event('heartbeat')).toContain('I am here')
    expect(await chat.event('upload', 'report.pdf')).toContain('report.pdf')
  })

  test('saves what matters under memory pressure, without a message', async () => {
    const chat = conversation({ human: 'Name: Ada' })
    chat.queue('user_message', 'My dog is called Rex. We walked along the river for hours.')
    await chat.say('thanks')
    expect(await chat.event('memory_pressure', 'older messages will soon leave your context')).toBe('')
    expect(chat.callsOf(0)).toEqual([
      ['core_memory_append', { label: 'human', content: "Dog's name: Rex", request_heartbeat: false }],
      ['archival_memory_insert', { content: expect.stringContaining('along the river') as string, request_heartbeat: false }],
    ])
  })

  test('answers what the user asked before the alert, after saving', async () => {
    const chat = conversation({ human: 'Name: Ada' })
    chat.queue('user_message', 'Our boat is called Swallow and lies in Genoa. What is my name?')
    expect(await chat.event('memory_pressure', 'soon')).toContain('Your name is Ada.')
    expect(chat.callsOf(0)[0]?.[0]).toMatch(/memory/)
  })

  test('thinks at every step, beside the calls', async () => {
    const chat = conversation()
    await chat.say("My name is Ada. What is my sister's name?")
    expect(chat.steps.length).toBeGreaterThan(2)
    for (const step of chat.steps) expect(step.text.length).toBeGreaterThan(10)
  })

  test('speaks only by tools', async () => {
    const chat = conversation()
    for (const text of [
      '',
      '???',
      '🙂',
      '{"not":"an event"}',
      'x'.repeat(5_000),
      'my my my is is is',
      'did i '.repeat(9_000),
      `I like ${' '.repeat(60_000)}`,
    ]) {
      const reply = await chat.say(text)
      expect(reply).not.toBe('')
      expect(chat.steps.at(-1)?.toolCalls.map((call) => call.name)).toEqual(['send_message'])
    }
  })
})

describe('the simulated model reports', () => {
  test('the tokens of the prompt, and those that it shares with the request before', async () => {
    const chat = conversation({ human: 'Name: Ada' })
    await chat.say('hello')
    expect(chat.steps[0]?.usage?.cachedTokens).toBe(0)
    await chat.say('How are you?')
    const usage = chat.steps[0]?.usage
    expect(usage?.cachedTokens).toBeGreaterThan(50)
    expect(usage?.cachedTokens).toBeLessThan(usage?.promptTokens ?? 0)
    expect(usage?.completionTokens).toBeGreaterThan(10)
  })

  test('the same for the same request', async () => {
    const request = {
      model: 'm',
      messages: [{ role: 'user' as const, content: 'I like tea' }],
      tools: [{ name: 'send_message', description: '', parameters: {} }],
      maxOutputTokens: 100,
    }
    expect(await simulatedModel().complete(request, never)).toEqual(await simulatedModel().complete(request, never))
  })
})

describe('a summary of the simulated model', () => {
  const summaryOf = async (content: string, maxOutputTokens = 500): Promise<string> => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'You write the recursive summary of a conversation.' },
      { role: 'user', content },
    ]
    return (await simulatedModel().complete({ model: 'm', messages, tools: [], maxOutputTokens }, never)).text
  }
  const asked = (summary: string, lines: readonly string[]): string =>
    `<summary>\n${summary}\n</summary>\n<messages>\n${lines.join('\n')}\n</messages>`

  test("keeps facts, notes and what was said, and nothing of the agent's own talk", async () => {
    const text = await summaryOf(
      asked('(none yet)', [
        '2026-11-02 10:00 user: My name is Ada. The river was high today.',
        '2026-11-02 10:00 agent: Nice to meet you!',
        '2026-11-02 10:01 user: Remember that the boat is at pier seven.',
      ]),
    )
    expect(text).toBe(
      'Facts about the user: Name: Ada\nTo remember: The boat is at pier seven.\nThe user said: The river was high today.'.replace(
        'The user said: ',
        'The user said: My name is Ada. / ',
      ),
    )
  })

  test('includes the summary before it, corrected by what came since', async () => {
    const first = await summaryOf(asked('(none yet)', ['2026-11-02 10:00 user: My name is Ada. I live in Paris.']))
    const second = await summaryOf(asked(first, ['2026-11-03 10:00 user: I moved to Lisbon.']))
    expect(second).toContain('Name: Ada; Lives in Lisbon')
    expect(second).not.toContain('Lives in Paris')
  })

  test('stays within its tokens, and keeps facts the longest', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `2026-11-02 10:00 user: Something long and rather unimportant happened, number ${index}.`)
    const text = await summaryOf(asked('(none yet)', ['2026-11-02 10:00 user: I am allergic to peanuts.', ...lines]), 120)
    expect(countTokens(text)).toBeLessThanOrEqual(120)
    expect(text).toContain('Allergic to peanuts')
  })

  test('is never empty', async () => {
    expect(await summaryOf(asked('(none yet)', []))).not.toBe('')
  })
})
