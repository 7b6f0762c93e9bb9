import { ApplicationFailure } from '@temporalio/common'
import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ChatModel } from '../../src/model/model.ts'
import { countMessageTokens, countToolsTokens } from '../../src/model/tokens.ts'
import { fail, say, scriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

describe('an inference', () => {
  test('records what is new before it asks the model, and stores the answer under its operation id [history:references]', async () => {
    here = await setting({ model: scriptedModel([say('Hello.')]) })
    expect(await here.run('infer', firstStep('Hi'))).toMatchObject({ outcome: 'stored', calls: [{ name: 'send_message', wellFormed: true }] })
    const messages = await here.stores.memory.messages.after('ada', 0, 10)
    expect(messages.map(({ seq, role, op }) => [seq, role, op])).toEqual([
      [1, 'user', 'ada/event/e1'],
      [2, 'assistant', 'ada/1/1'],
    ])
  })

  test('that is repeated finds its answer and does not ask, nor pay, again [step:pairing cost]', async () => {
    const model = scriptedModel([say('Hello.')])
    here = await setting({ model })
    const first = await here.run('infer', firstStep('Hi'))
    expect(await here.run('infer', firstStep('Hi'), 2)).toEqual(first)
    expect(model.requests).toHaveLength(1)
  })

  test('of an event that another turn has handled tells so, and asks nobody [mailbox:dedupe]', async () => {
    const model = scriptedModel([say('Hello.')])
    here = await setting({ model })
    await here.run('infer', firstStep('Hi'))
    expect(await here.run('infer', firstStep('Hi', { turn: 7, op: 'ada/7/1', seq: 20 }))).toEqual({ outcome: 'duplicate' })
    expect(model.requests).toHaveLength(1)
  })

  test.for([[60, 1], [0.4, 1], [0.6, 0.6], [1.4, 1.4], [3, 3], [8, 1]] as const)('believes of a report of tokens only what can be true: %d [context:budget]', async ([reported, calibration]) => {
    let counted = 0
    const model: ChatModel = {
      complete: ({ messages, tools }) => {
        counted = messages.reduce((sum, message) => sum + countMessageTokens(message), countToolsTokens(tools))
        const promptTokens = reported > 10 ? reported : Math.round(counted * reported)
        return Promise.resolve({ text: '', finishReason: 'tool-calls', toolCalls: [{ id: 'a', name: 'functions.send_message', arguments: '{"message":"Hi"}' }], usage: { promptTokens, cachedTokens: 0, completionTokens: 5 } })
      },
    }
    here = await setting({ model })
    const result = await here.run('infer', firstStep('Hi'))
    expect(result).toMatchObject({ outcome: 'stored', calls: [{ name: 'send_message', wellFormed: true }] })
    expect(result.outcome === 'stored' && result.calibration).toBeCloseTo(calibration, 1)
  })

  test('whose prompt leaves no room for a reply is not made [context:budget]', async () => {
    const model = scriptedModel([])
    here = await setting({ model, agent: { contextWindow: 2_000 } })
    expect(await here.run('infer', firstStep('Hi', { calibration: 1.5 }))).toMatchObject({ outcome: 'overflow', by: 'count' })
  })

  test('shows a message that is far too long in part, and keeps it whole [context:budget recall:never-deleted]', async () => {
    const model = scriptedModel([say('Long.')])
    here = await setting({ model, agent: { contextWindow: 4_000 } })
    const long = 'word '.repeat(10_000)
    await here.run('infer', firstStep(long))
    expect(model.requests[0]?.messages.at(-1)?.content).toMatch(/more characters are in recall memory/)
    expect((await here.stores.memory.messages.after('ada', 0, 1))[0]?.text).toBe(long)
  })
})

describe('a failed inference', () => {
  const failureOf = async (error: ModelError): Promise<ApplicationFailure> => {
    here = await setting({ model: scriptedModel([fail(error)]) })
    const thrown: unknown = await here.run('infer', firstStep('Hi')).catch((caught: unknown) => caught)
    if (thrown instanceof ApplicationFailure) return thrown
    throw new Error(`expected an application failure, got ${String(thrown)}`)
  }

  test('is not retried where the provider refused [model:retry]', async () => {
    expect(await failureOf(new ModelError('refused', 'no credit'))).toMatchObject({ type: 'model-refused', nonRetryable: true })
  })

  test('is retried after as long as the provider said [model:retry]', async () => {
    expect(await failureOf(new ModelError('rate-limited', 'slow down', { retryAfterMs: 7_000 }))).toMatchObject({ nonRetryable: false, nextRetryDelay: 7_000 })
  })
})
