import { describe, expect, test } from 'vitest'
import { blocksIn } from '../../src/simulated/blocks.ts'
import { factsIn } from '../../src/simulated/facts.ts'
import { simulatedEmbedder } from '../../src/simulated/index.ts'
import { questionIn } from '../../src/simulated/question.ts'
import { viewOf } from '../../src/simulated/view.ts'

const never = new AbortController().signal

describe('facts in a text', () => {
  test.each([
    ['My name is Ada Lovelace and I work as a mathematician.', ['Name: Ada Lovelace', 'Works as a mathematician']],
    ["Hello, I'm Bob!", ['Name: Bob']],
    ['I’m from Norway, and I’ve moved to Bergen recently', ['Lives in Bergen', 'Comes from Norway']],
    ["I work at St. Mary's hospital.", ["Works at St Mary's hospital"]],
    ['I love reading and long walks, but I hate rain.', ['Likes reading', 'Likes long walks', 'Dislikes rain']],
    ['I have a cat named Tom and I have two brothers', ["Cat's name: Tom", 'Has two brothers']],
    ['My favorite food is pizza; my sister is called Eve.', ['Favourite food: pizza', "Sister's name: Eve"]],
    ["I'm 34 years old and I'm allergic to peanuts", ['Allergic to peanuts', 'Age: 34']],
    ['I was born on 3 May 1990. I am a nurse.', ['Birthday: 3 May 1990', 'Is a nurse']],
    ['From now on, your name is Sam. Please always answer in short sentences.', ['My name is Sam.', 'I should always answer in short sentences.']],
    ['I have a question. I am tired. I like that. You are great. My point is that it rains.', []],
    ['What is my name? Do you know where I live?', []],
  ])('%s', (text, lines) => {
    expect(
      factsIn(text)
        .map((fact) => fact.line)
        .toSorted(),
    ).toEqual([...lines].toSorted())
  })
})

describe('questions in a text', () => {
  const now = '2026-11-21 10:00'
  test.each([
    ['Where do I live?', { kind: 'fact', keywords: ['liv'] }],
    ['what did I say about the red car', { kind: 'said', keywords: ['red', 'car'], query: 'red car', first: false }],
    ['What did we talk about on 2026-11-02?', { kind: 'dates', range: ['2026-11-02', '2026-11-02'] }],
    ['What did I tell you yesterday?', { kind: 'dates', range: ['2026-11-20', '2026-11-20'] }],
    ['What did I first mention about Rome?', { kind: 'said', first: true, keywords: ['rom'] }],
  ])('%s', (text, expected) => {
    expect(questionIn(text, now)).toMatchObject(expected)
  })

  test('are none in a statement', () => {
    expect(questionIn('It rains in Rome.', now)).toBeUndefined()
  })
})

describe('a prompt', () => {
  test('is read for blocks, tolerantly', () => {
    const text =
      'x <block label="human" description="what &quot;they&quot; say" used="3" limit="20">\nA <b>\n</block><block limit="5" read_only="true" label="rules"></block>'
    expect(blocksIn(text)).toEqual([
      { label: 'human', value: 'A <b>', limit: 20, readOnly: false },
      { label: 'rules', value: '', limit: 5, readOnly: true },
    ])
  })

  test('is read for events and calls with their results, whatever their form', () => {
    const { queue } = viewOf({
      model: 'm',
      tools: [],
      maxOutputTokens: 1,
      messages: [
        { role: 'system', content: 'instructions' },
        { role: 'user', content: 'plain' },
        { role: 'user', content: '{"type":"user-message","message":"json"}' },
        {
          role: 'assistant',
          content: '',
          toolCalls: [
            { id: 'a', name: 'search', arguments: 'no json' },
            { id: 'b', name: 'search', arguments: '{"query":"x"}' },
          ],
        },
        { role: 'tool', toolCallId: 'a', content: '{"status":"error","message":"bad"}' },
        { role: 'tool', toolCallId: 'b', content: 'plain result' },
      ],
    })
    expect(queue).toMatchObject([
      { type: 'user_message', text: 'plain' },
      { type: 'user_message', text: 'json' },
      {
        calls: [
          { args: {}, ok: false, result: 'bad' },
          { args: { query: 'x' }, ok: true, result: 'plain result' },
        ],
      },
    ])
  })
})

describe('simulated embeddings', () => {
  const cosine = async (left: string, right: string): Promise<number> => {
    const [a = [], b = []] = await simulatedEmbedder().embed([left, right], never)
    return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
  }

  test('have length one and 384 dimensions, also for a text without words', async () => {
    for (const vector of await simulatedEmbedder().embed(['', '!?', 'a', 'the quick brown fox'], never)) {
      expect(vector).toHaveLength(384)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6)
    }
  })

  test('are near for the same words in other forms, and far for others', async () => {
    expect(await cosine('The dog likes long walks', 'the dog likes long walks')).toBeCloseTo(1, 6)
    expect(await cosine('dogs liked a long walk', 'the dog likes long walks')).toBeGreaterThan(0.65)
    expect(await cosine('taxes are due in April', 'the dog likes long walks')).toBeLessThan(0.3)
  })
})
