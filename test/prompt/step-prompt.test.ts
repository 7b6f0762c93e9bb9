import { afterEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../src/model/model-error.ts'
import { stepPrompt, type StepPrompt } from '../../src/prompt/step-prompt.ts'
import type { StoredMessage } from '../../src/protocol/messages.ts'
import { withoutUndefined } from '../../src/protocol/without-undefined.ts'
import type { MemoryStore } from '../../src/stores/stores.ts'
import { call, fail, say, scriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from '../activities/setting.ts'

let here: Setting
afterEach(() => here.close())

async function answer(): Promise<StoredMessage> {
  return (await here.stores.memory.messages.byOp('ada', 'ada/1/1')) ?? expect.fail('the step has no message')
}

async function prompt(memory: Partial<MemoryStore> = {}, message?: StoredMessage): Promise<StepPrompt> {
  const agent = (await here.stores.memory.agents.get('ada')) ?? expect.fail('there is no agent')
  return stepPrompt({ ...here.stores.memory, ...memory }, agent, message ?? (await answer()))
}

const editBlock = (version: number, value: string) => here.stores.memory.blocks.insert({ blockId: 'ada/human', version, value, op: `e${version}`, author: 'ada', turn: 1, at: '2026-01-01T00:00:00.000Z' })

describe('a step that was tried twice', () => {
  test('has the prompt of the attempt whose answer was kept, where the first died before its answer was stored [prompt:exact faults:table]', async () => {
    const dies = () => Promise.reject(new Error('as if it died'))
    const model = scriptedModel([dies, say('Kept.')])
    here = await setting({ model })
    await editBlock(1, 'as the first attempt saw it')
    await expect(here.run('infer', firstStep('Hi'))).rejects.toThrow('as if it died')
    await editBlock(2, 'as the second attempt saw it')
    await here.run('infer', firstStep('Hi'), 2)
    await editBlock(3, 'as nobody saw it')
    const made = await prompt()
    expect(made).toMatchObject({ exact: true, madeOf: { blockVersions: { human: 2 } } })
    expect(made.request).toEqual(model.requests[1])
    expect(made.request.messages[0]?.content).toContain('as the second attempt saw it')
  })

  test('has the prompt of the first, where that died with its answer stored, whatever has changed since [prompt:exact faults:table]', async () => {
    let dies = true
    const model = scriptedModel([say('Kept.')])
    here = await setting({ model, faultPoint: (name) => {
      if (dies && name === 'inference-stored') throw new Error('as if it died')
    } })
    await editBlock(1, 'as it was asked')
    await expect(here.run('infer', firstStep('Hi'))).rejects.toThrow('as if it died')
    dies = false
    await editBlock(2, 'as nobody saw it')
    await here.run('infer', firstStep('Hi'), 2)
    expect(await prompt()).toMatchObject({ exact: true, request: model.requests[0] })
  })

  test('has the room for its answer that the endpoint took in the end [prompt:exact]', async () => {
    const model = scriptedModel([fail(new ModelError('context-overflow', 'too long', { status: 400, limits: { window: 32_000 } })), say('Short.')])
    here = await setting({ model })
    await here.run('infer', firstStep('Hi'))
    const [refused, taken] = model.requests
    const made = await prompt()
    expect(made).toMatchObject({ exact: true, request: taken })
    expect(made.request.maxOutputTokens).toBeLessThan(refused?.maxOutputTokens ?? 0)
  })
})

describe('what a prompt was made of', () => {
  const asked = async (): Promise<void> => {
    here = await setting({ model: scriptedModel([call('core_memory_append', { label: 'human', content: 'x' }), say('Again.')]) })
    await editBlock(1, 'Likes tea')
    await here.run('infer', firstStep('Hi'))
  }
  const nothing = () => Promise.resolve(undefined)

  test.for<[what: string, gone: (memory: MemoryStore) => Partial<MemoryStore>, named: RegExp]>([
    ['a message', ({ messages }) => ({ messages: { ...messages, ranges: () => Promise.resolve([]) } }), /^message 1$/],
    ['a version of a block', ({ blocks }) => ({ blocks: { ...blocks, version: nothing } }), /^version 1 of block "human"$/],
    ['its frame', ({ promptFrames }) => ({ promptFrames: { ...promptFrames, get: nothing } }), /built-in instructions and the tools/],
  ])('is named where it is gone: %s [prompt:exact]', async ([, gone, named]) => {
    await asked()
    const made = await prompt(gone(here.stores.memory))
    expect(made.exact).toBe(false)
    expect(made.missing).toEqual([expect.stringMatching(named) as string])
  })

  test.for<[what: string, change: (record: NonNullable<NonNullable<StoredMessage['context']>['prompt']>) => object, named: RegExp]>([
    ['a summary', () => ({ summary: 'ada/compaction/9-9' }), /^the summary$/],
    ['rules of another version', ({ form }) => ({ form: form + 1 }), /^the rules of form 2/],
    ['many messages', () => ({ queue: [[1, 9]] }), /^7 messages: 3, 4, 5, 6, 7, …$/],
  ])('is named where the stores have it no more: %s [prompt:exact]', async ([, change, named]) => {
    await asked()
    const message = await answer()
    const record = message.context?.prompt ?? expect.fail('the step has no record')
    const context = { ...(message.context ?? expect.fail()), prompt: { ...record, ...change(record) } }
    expect((await prompt({}, { ...message, context })).missing).toEqual([expect.stringMatching(named) as string])
  })

  test('is unknown of a step of an earlier version, and said to be [prompt:exact deploy:versioning]', async () => {
    await asked()
    const { context, ...message } = await answer()
    const earlier = withoutUndefined({ ...(context ?? expect.fail('the step has no context')), prompt: undefined })
    await expect(prompt({}, { ...message, context: earlier })).rejects.toMatchObject({ code: 'prompt-unknown', message: expect.stringContaining('earlier version') as string })
  })

  test('is kept once for each agent where it is the same for many steps, and asks the store for nothing more [prompt:exact]', async () => {
    here = await setting({ model: scriptedModel([say('One.'), say('Two.'), say('Three.')]) })
    let writes = 0
    const { promptFrames } = here.stores.memory
    const put = promptFrames.put.bind(promptFrames)
    Object.assign(promptFrames, { put: (...given: Parameters<typeof put>) => ((writes += 1), put(...given)) })
    await here.run('infer', firstStep('Hi'))
    for (const turn of [2, 3]) await here.run('infer', firstStep('Hi', { turn, op: `ada/${turn}/1`, seq: turn * 2, record: [{ seq: turn * 2 - 1, event: { id: `e${turn}`, kind: 'user-message', bytes: 2, text: 'Hi' }, at: '2026-01-01T10:00:00.000Z' }] }))
    expect(writes).toBe(1)
  })
})
