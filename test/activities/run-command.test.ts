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

describe('a checkpoint', () => {
  test('brings back instructions beside blocks that have grown, where they may fit: the cautious count is not held against them [definition:living]', async () => {
    here = await setting({ model: model(), agent: { instructions: 'Speak in rhymes. '.repeat(900), contextWindow: 8_000, human: 'Ada', persona: 'I am Ada.' } })
    const { memory } = here.stores
    await here.run('runCommand', { ...given('ada', 'save'), command: { type: 'save', name: 'rhymes' }, save: { queue: [] } })
    const agent = await memory.agents.get('ada') ?? expect.fail('it is there')
    await memory.definitions.insert({ agentId: 'ada', version: 1, definition: agent.definition, op: 'ada/created', author: 'creator', turn: 0, at: agent.createdAt })
    // One that the checkpoint does not know of, as another agent has filled it.
    const team = { label: 'team', blockId: 'team', description: 'All of us', limit: 10_000, value: '', readOnly: false }
    await memory.blocks.insert({ blockId: 'team', version: 1, value: 'x'.repeat(5_000), op: 'team/1', author: 'eve', turn: 0, at: agent.createdAt })
    const changed = { ...agent.definition, instructions: 'Be brief.', blocks: [...agent.definition.blocks, team] }
    await memory.definitions.insert({ agentId: 'ada', version: 2, definition: changed, op: 'ada/changed', author: 'person', turn: 0, at: agent.createdAt })
    await memory.agents.define('ada', 2, changed)
    expect(await here.run('runCommand', { ...given('ada', 'load'), command: { type: 'load', name: 'rhymes' } })).toMatchObject({ ok: true })
    expect((await memory.definitions.latest('ada'))?.definition.instructions).toBe(agent.definition.instructions)
  })
})
