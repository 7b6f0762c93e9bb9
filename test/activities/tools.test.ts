import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const step = { agentId: 'ada', turn: 1, step: 1, op: 'ada/1/1', seq: 2, turnSeq: 1 }
const resultTexts = async (): Promise<string[]> => (await here.stores.memory.messages.after('ada', 2, 10)).map(({ text }) => text)

function payment(idempotent: boolean, run: () => Promise<string>) {
  return defineTool({ name: 'pay', description: 'pays', schema: z.object({}), policy: { placement: 'activity', idempotent }, run })
}

describe('a tool that is not idempotent', () => {
  test('is not run again where an attempt was interrupted: the model is told that the outcome is unknown [step:at-most-once]', async () => {
    let runs = 0
    const pay = payment(false, async () => `paid ${String((runs += 1))}`)
    here = await setting({ model: scriptedModel([call('pay')]), agent: { tools: ['pay'] }, tools: [pay] })
    await here.run('infer', firstStep('Pay'))
    await here.stores.memory.claims.claim({ agentId: 'ada', op: 'ada/1/1/0', owner: 'a worker that died' })
    await here.run('callTool', { ...step, call: 0 }, 2)
    await here.run('settle', step)
    expect(runs).toBe(0)
    expect((await resultTexts())[0]).toContain('outcome unknown')
  })

  test('that fails has its error as outcome, and is not tried again [step:at-most-once step:failed-tool-continues]', async () => {
    const pay = payment(false, () => Promise.reject(new Error('card declined')))
    here = await setting({ model: scriptedModel([call('pay')]), agent: { tools: ['pay'] }, tools: [pay] })
    await here.run('infer', firstStep('Pay'))
    await here.run('callTool', { ...step, call: 0 })
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: false }] })
    expect((await resultTexts())[0]).toContain('card declined')
  })
})

describe('a tool that returns what is no text', () => {
  test.each([['undefined', undefined], ['null', null], ['number', 7], ['object', { paid: true }], ['object', { text: 'paid', reply: 7 }]])('such as %s %j has run: the model is told so, and it is not run again [step:failed-tool-continues step:at-most-once]', async (kind, returned) => {
    let runs = 0
    const pay = payment(true, () => {
      runs += 1
      return Promise.resolve(returned as unknown as string)
    })
    here = await setting({ model: scriptedModel([call('pay')]), agent: { tools: ['pay'] }, tools: [pay] })
    await here.run('infer', firstStep('Pay'))
    await here.run('callTool', { ...step, call: 0 })
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: false }] })
    expect([runs, (await resultTexts())[0]]).toEqual([1, `pay has run, but what it returned (${kind}) is no text, nor { text, reply }. Find out what it has done before you repeat it.`])
  })
})

describe('a tool that is idempotent', () => {
  test('is tried again, and its last error is its outcome [step:failed-tool-continues]', async () => {
    const pay = payment(true, () => Promise.reject(new Error('line is busy')))
    here = await setting({ model: scriptedModel([call('pay')]), agent: { tools: ['pay'] }, tools: [pay] })
    await here.run('infer', firstStep('Pay'))
    await expect(here.run('callTool', { ...step, call: 0 })).rejects.toThrow('pay failed and is tried again')
    await here.run('callTool', { ...step, call: 0 }, 3)
    await here.run('settle', step)
    expect((await resultTexts())[0]).toContain('line is busy')
  })
})

describe('settling a step', () => {
  test('in which the agent has changed its instructions tells the settings of the version in force, whoever has changed them [definition:living core:self-edit]', async () => {
    here = await setting({ model: scriptedModel([call('instructions_replace', { new_instructions: 'Speak in rhymes.' })]), agent: { instructionsEditable: true } })
    await here.run('infer', firstStep('Speak otherwise', { definition: 1 }))
    const { memory } = here.stores
    await memory.definitions.propose({ agentId: 'ada', id: 'smaller', author: 'Eve', changes: JSON.stringify({ contextWindow: 16_000 }) })
    await here.run('runCommand', { agentId: 'ada', op: 'ada/smaller', turn: 1, command: { type: 'define', change: 'smaller' } })
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: true }], definition: { version: 3, settings: { model: 'scripted', contextWindow: 16_000 } } })
  })

  test('twice records every result once, and edits memory once [step:pairing core:append-replace]', async () => {
    const append = call('core_memory_append', { label: 'human', content: 'Name: Ada' })
    here = await setting({ model: scriptedModel([[append, say('Hello.')]]) })
    await here.run('infer', firstStep('I am Ada'))
    const first = await here.run('settle', step)
    expect(await here.run('settle', step, 2)).toEqual(first)
    expect(first).toMatchObject({ results: [{ ok: true }, { ok: true }], replies: [1] })
    expect(await resultTexts()).toHaveLength(2)
    expect((await here.stores.memory.blocks.current('ada/human'))?.value).toBe('Name: Ada')
  })

  test('of a cancelled inference puts a notice in the answer\'s place, which a late answer does not take back [turn:cancel]', async () => {
    const model = scriptedModel([say('Too late.')])
    here = await setting({ model })
    const { record } = firstStep('Hi')
    await here.run('settle', { ...step, cancelled: true, record })
    await expect(here.run('infer', firstStep('Hi'))).rejects.toThrow()
    const messages = await here.stores.memory.messages.after('ada', 0, 10)
    expect(messages.map(({ role, kind }) => [role, kind])).toEqual([
      ['user', 'user-message'],
      ['system', 'notice'],
    ])
    expect(model.requests).toHaveLength(0)
  })
})
