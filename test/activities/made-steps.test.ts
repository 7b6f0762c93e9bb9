import { afterEach, describe, expect, test, vi } from 'vitest'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const step = { agentId: 'ada', turn: 1, step: 1, op: 'ada/1/1', seq: 2, turnSeq: 1 }

describe('a step whose inference this worker has made', () => {
  test('is settled without a look for what the inference knew: its message and the definition that it saw [step:pairing]', async () => {
    here = await setting({ model: scriptedModel([say('Hello.')]) })
    await here.run('infer', firstStep('Hi'))
    const { agents, messages } = here.stores.memory
    const [agentRead, messageRead] = [vi.spyOn(agents, 'get'), vi.spyOn(messages, 'byOp')]
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: true }], replies: [0] })
    expect(agentRead).not.toHaveBeenCalled()
    expect(messageRead.mock.calls.filter(([, op]) => op === step.op)).toEqual([])
  })

  test('and that is settled again goes by the stores, and changes nothing [step:pairing]', async () => {
    here = await setting({ model: scriptedModel([[call('core_memory_append', { label: 'human', content: 'Name: Ada' }), say('Hello.')]]) })
    await here.run('infer', firstStep('Hi'))
    const first = await here.run('settle', step)
    const stored = await here.stores.memory.messages.after('ada', 0, 10)
    const read = vi.spyOn(here.stores.memory.agents, 'get')
    expect(await here.run('settle', step)).toEqual(first)
    expect(read).toHaveBeenCalled()
    expect(await here.stores.memory.messages.after('ada', 0, 10)).toEqual(stored)
    expect(await here.stores.memory.blocks.history('ada/human', 10)).toHaveLength(2)
  })

  test('is settled by the definition that it saw, though another one is in force since [definition:living]', async () => {
    here = await setting({ model: scriptedModel([call('core_memory_append', { label: 'human', content: 'Name: Ada' })]) })
    await here.run('infer', firstStep('Hi'))
    const { agents } = here.stores.memory
    const definition = (await agents.get('ada'))?.definition
    if (definition === undefined) throw new Error('the agent is there')
    await agents.define('ada', 2, { ...definition, tools: ['send_message'] })
    expect(await here.run('settle', step)).toMatchObject({ results: [{ ok: true }] })
  })
})
