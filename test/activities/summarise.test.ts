import { describe, expect, test } from 'vitest'
import type { ChatModel } from '../../src/model/model.ts'
import { shortened, summarise } from '../../src/activities/summarise.ts'
import { countTokens } from '../../src/model/tokens.ts'
import type { Sampling } from '../../src/protocol/sampling.ts'

const languages = {
  Chinese: '他喜欢在清晨沿着河边散步，常常带着一本旧书和一壶茶。',
  Japanese: '灯台守は毎晩、日が暮れる前に灯りをともし、潮と風を帳面に書く。',
  Thai: 'ผู้ดูแลประภาคารจดบันทึกน้ำขึ้นน้ำลงและลมลงในสมุด',
  English: 'The keeper writes the tide and the wind into the book. ',
  emoji: '🎉👩‍👧',
}

describe('a summary that is too long', () => {
  test.for(Object.entries(languages))('in %s keeps as much as fits [pressure:flush]', ([, line]) => {
    const text = line.repeat(100)
    const short = shortened(text, 300)
    expect(countTokens(short)).toBeLessThanOrEqual(300)
    expect(countTokens(short)).toBeGreaterThan(200)
    expect(text.startsWith(short.slice(0, -1))).toBe(true)
    expect(short).not.toMatch(/\p{Surrogate}/u)
  })

  test('ends with a sentence, else with a word, where one ends near [pressure:flush]', () => {
    expect(shortened(languages.Chinese.repeat(20), 200)).toMatch(/。…$/)
    expect(shortened(languages.English.repeat(40), 200)).toMatch(/book\.…$/)
    expect(shortened('word '.repeat(400), 200)).toMatch(/ word…$/)
  })
})

const message = { agentId: 'a', op: 'a/event/1', seq: 1, turn: 1, step: 0, role: 'user', text: 'My cat is called Soot.', tokens: 7, at: '2024-03-01T12:00:00.000Z' } as const
const summariseBy = (complete: ChatModel['complete'], options: { readonly sampling?: Sampling; readonly usualOutputTokens?: number } = {}) => {
  const { usualOutputTokens, ...rest } = options
  return summarise({ model: { complete, usualOutputTokens }, modelName: 'm', contextWindow: 4_000, maxTokens: 400, earlier: undefined, messages: [message], signal: new AbortController().signal, ...rest })
}

describe("a summary's room", () => {
  test.each<[string, Sampling | undefined, number]>([
    ['of the configuration, where the agent says nothing of it', undefined, 300],
    ['of the agent, where it says something', { maxOutputTokens: 350 }, 350],
    ['of the window, where the agent may have more', { maxOutputTokens: 2_000 }, 400],
  ])('is that %s [model:sampling]', async (_what, sampling, asked) => {
    const rooms: number[] = []
    await summariseBy(
      ({ maxOutputTokens }) => {
        rooms.push(maxOutputTokens)
        return Promise.resolve({ text: 'Soot.', toolCalls: [], finishReason: 'stop' })
      },
      { usualOutputTokens: 300, ...(sampling && { sampling }) },
    )
    expect(rooms).toEqual([asked])
  })
})

describe('a summary whose room was eaten by thinking', () => {

  test('is asked for again with more, and both are counted [pressure:flush]', async () => {
    const rooms: number[] = []
    const { text, usage } = await summariseBy(({ maxOutputTokens }) => {
      rooms.push(maxOutputTokens)
      const written = maxOutputTokens < 1_000 ? ({ text: '', thinking: 'What matters', finishReason: 'length' } as const) : ({ text: 'The cat is called Soot.', finishReason: 'stop' } as const)
      return Promise.resolve({ ...written, toolCalls: [], usage: { promptTokens: 100, cachedTokens: 0, completionTokens: 10 } })
    })
    expect([text, rooms, usage.promptTokens]).toEqual(['The cat is called Soot.', [400, 1_600], 200])
  })

  test('fails where no room is enough, and where it was no lack of room [pressure:flush]', async () => {
    for (const [finishReason, times] of [['length', 2], ['stop', 1], ['filtered', 1]] as const) {
      let asked = 0
      await expect(summariseBy(() => Promise.resolve({ text: '', toolCalls: [], finishReason, ...(asked++, {}) }))).rejects.toThrow('empty summary')
      expect(asked).toBe(times)
    }
  })
})
