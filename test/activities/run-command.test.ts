import { afterEach, describe, expect, test } from 'vitest'
import { opOf } from '../../src/protocol/ids.ts'
import { say, scriptedModel } from '../../src/testing.ts'
import { setting, type Setting } from './setting.ts'

let here: Setting
afterEach(() => here.close())

const model = () => scriptedModel([], { afterwards: say('Hello.') })
const given = (agentId: string, id: string) => ({ agentId, op: opOf.command(agentId, id), turn: 0 })

describe('a command', () => {
  test.each([
    ['pop', { type: 'pop' }],
    ['save', { type: 'save', name: 'early' }],
    ['load', { type: 'load', name: 'early' }],
    ['define', { type: 'define', change: 'x' }],
  ] as const)('%s leaves nothing in stores where its agent is not [workflow:unfailing commands:idempotent]', async (id, command) => {
    here = await setting({ model: model() })
    await expect(here.run('runCommand', { ...given('eve', id), command })).rejects.toMatchObject({ type: 'wrong-stores' })
    expect(await here.stores.memory.claims.get('eve', opOf.bound('eve', 'asked', opOf.command('eve', id)))).toBeUndefined()
    await here.run('runCommand', { ...given('ada', id), command })
    expect(await here.stores.memory.claims.get('ada', opOf.bound('ada', 'asked', opOf.command('ada', id)))).toBeDefined()
  })
})
