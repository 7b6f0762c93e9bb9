import { afterEach, describe, expect, test } from 'vitest'
import { replyRoom } from '../../src/activities/reply-room.ts'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import { limitsNamedIn, type NamedLimits } from '../../src/model/named-limits.ts'
import { withSampling } from '../../src/model/sampling.ts'
import { countMessageTokens, countToolsTokens } from '../../src/model/tokens.ts'
import type { Sampling } from '../../src/protocol/sampling.ts'
import { say, scriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const window = 8_192

/** Counts the prompt longer than Perdure does, and refuses what does not fit with the reply's room in its limit. */
function counting(share: number, says: (promptTokens: number, asked: number) => NamedLimits, limit = window): ChatModel & { readonly rooms: number[] } {
  const rooms: number[] = []
  return {
    rooms,
    complete: ({ messages, tools, maxOutputTokens }) => {
      rooms.push(maxOutputTokens)
      const promptTokens = Math.ceil(share * messages.reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(tools)))
      if (promptTokens + maxOutputTokens > limit) return Promise.reject(new ModelError('context-overflow', 'too long', { status: 400, limits: says(promptTokens, maxOutputTokens) }))
      return Promise.resolve({ text: '', finishReason: 'tool-calls', toolCalls: [{ id: 'a', name: 'send_message', arguments: '{"message":"Hi"}' }], usage: { promptTokens, cachedTokens: 0, completionTokens: 5 } })
    },
  }
}
const inferWith = async (model: ChatModel) => {
  here = await setting({ model, agent: { contextWindow: window } })
  return here.run('infer', firstStep('Hi'))
}

describe("a reply's room", () => {
  test('leaves a margin for a prompt that was counted a little too short: nothing is refused [context:budget model:any]', async () => {
    const model = counting(1.025, () => expect.fail('was refused'))
    expect(await inferWith(model)).toMatchObject({ outcome: 'stored' })
  })

  test('is never less than a reply needs, where the prompt is not too large for the window [context:budget]', () => {
    expect([6_999, 7_800, 7_993].map((promptTokens) => replyRoom({ window: 8_192, promptTokens }))).toEqual([983, 200, undefined])
    expect(replyRoom({ window: 8_192, promptTokens: 100, most: 50 })).toBe(50)
  })

  test.each<[string, Sampling | undefined, number]>([
    ['where the agent says nothing of it', undefined, 300],
    ['where the agent may have less', { maxOutputTokens: 100 }, 100],
    ['where the agent may have more', { maxOutputTokens: 2_000 }, 2_000],
  ])('is by the settings of the configuration for those alone that say nothing else: %s [model:sampling]', async (_what, sampling, asked) => {
    const model = scriptedModel([say('Hello.')])
    here = await setting({ model: withSampling(model, { maxOutputTokens: 300 }), agent: { ...(sampling && { sampling }) }, observe: () => undefined })
    await here.run('infer', firstStep('Hi'))
    expect(model.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([asked])
  })

  test.each<[string, (promptTokens: number, asked: number) => NamedLimits]>([
    ['the length of the prompt', (promptTokens) => limitsNamedIn(`This model's maximum context length is ${window} tokens. However, your request has ${promptTokens} input tokens.`)],
    ['a bound of it', (_, asked) => limitsNamedIn(`This model's maximum context length is ${window} tokens. However, you requested ${asked} output tokens and your prompt contains at least ${window - asked + 1} input tokens.`)],
  ])('is made smaller where the refusal names the window that is known, and %s: the prompt is not compacted [context:budget model:any]', async (_what, says) => {
    const model = counting(1.3, says)
    expect(await inferWith(model)).toMatchObject({ outcome: 'stored', calibration: expect.closeTo(1.3, 2) as number })
    expect(model.rooms).toHaveLength(2)
  })

  test('is halved as often as such a bound is named, until a reply has room, and given up where it never has [context:budget model:any]', async () => {
    const bound = (_: number, asked: number): NamedLimits => limitsNamedIn(`maximum context length is ${window} tokens, ${asked} requested`)
    const model = counting(4.5, bound)
    expect(await inferWith(model)).toMatchObject({ outcome: 'stored' })
    expect(model.rooms.length).toBeGreaterThan(2)
    await here.close()
    const never = counting(10, bound)
    expect(await inferWith(never)).toMatchObject({ outcome: 'overflow', by: 'provider' })
    expect(never.rooms.length).toBeLessThan(7)
  })

  test('is made smaller where a limit of the rate is what no request may exceed, and no window is learned of that [context:budget model:any]', async () => {
    const model = counting(1, (promptTokens, asked) => limitsNamedIn(`Request too large on tokens per minute (TPM): Limit 6000, Requested ${promptTokens + asked}`), 6_000)
    expect(await inferWith(model)).toMatchObject({ outcome: 'stored' })
    expect(model.rooms).toHaveLength(2)
  })

  test('is not what was too large where the refusal names a prompt that fills the window, or a smaller window: that is for the workflow [pressure:transaction model:any]', async () => {
    const tooLong = counting(1, () => ({ window, promptTokens: window }), 0)
    expect(await inferWith(tooLong)).toMatchObject({ outcome: 'overflow', by: 'provider', window })
    await here.close()
    const smaller = counting(1, () => ({ window: 4_096 }), 4_096)
    expect(await inferWith(smaller)).toMatchObject({ outcome: 'overflow', by: 'provider', window: 4_096 })
    expect([tooLong.rooms.length, smaller.rooms.length]).toEqual([1, 1])
  })
})
