import { describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import { call, fail, hang, rawCall, say, scriptedModel, think } from '../../src/testing.ts'

const never = new AbortController().signal
const request = (text: string, tools = true): ModelRequest => ({
  model: 'any',
  messages: [{ role: 'user', content: text }],
  tools: tools ? [{ name: 'send_message', description: '', parameters: {} }] : [],
  maxOutputTokens: 100,
})

describe('a scripted model', () => {
  test('answers each request with the next step, and keeps the requests', async () => {
    const model = scriptedModel([
      call('core_memory_append', { label: 'human', content: 'Ada' }, { heartbeat: true, thoughts: 'keep it' }),
      [say('one'), say('two')],
      think('only thinking'),
      (seen) => say(`you said ${seen.messages[0]?.content ?? ''}`),
      rawCall('send_message', '{not json'),
    ])
    const first = await model.complete(request('a'), never)
    expect(first.toolCalls.map((made) => [made.name, JSON.parse(made.arguments) as unknown])).toEqual([
      ['core_memory_append', { label: 'human', content: 'Ada', inner_thoughts: 'keep it', request_heartbeat: true }],
    ])
    expect(first.usage?.promptTokens).toBeGreaterThan(0)
    expect((await model.complete(request('b'), never)).toolCalls).toHaveLength(2)
    expect(await model.complete(request('c'), never)).toMatchObject({ text: 'only thinking', toolCalls: [] })
    expect((await model.complete(request('d'), never)).toolCalls[0]?.arguments).toContain('you said d')
    expect((await model.complete(request('e'), never)).toolCalls[0]?.arguments).toBe('{not json')
    expect(model.requests.map((seen) => seen.messages[0]?.content)).toEqual(['a', 'b', 'c', 'd', 'e'])
    model.assertDone()
  })

  test('fails, and hangs until it is aborted', async () => {
    const model = scriptedModel([fail(new ModelError('rate-limited', 'wait', { retryAfterMs: 5 })), hang()])
    await expect(model.complete(request('a'), never)).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 5 })
    const controller = new AbortController()
    const waiting = model.complete(request('b'), controller.signal)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('names the request that nobody expected, and the steps that nobody asked for', async () => {
    await expect(scriptedModel([]).complete(request('surprise'), never)).rejects.toThrow(/used up.*surprise/)
    expect(() => scriptedModel([say('left over')]).assertDone()).toThrow('1 steps and only 0')
  })

  test('answers summaries beside the script, and anything afterwards, where told to', async () => {
    const model = scriptedModel([say('one')], { withoutTools: think('a summary'), afterwards: say('still here') })
    expect((await model.complete(request('sum up', false), never)).text).toBe('a summary')
    expect(model.remaining).toBe(1)
    await model.complete(request('a'), never)
    expect((await model.complete(request('b'), never)).toolCalls[0]?.arguments).toContain('still here')
  })
})
