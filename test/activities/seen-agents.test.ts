import { afterEach, describe, expect, test, vi } from 'vitest'
import type { StoredAgent } from '../../src/stores/agents.ts'
import type { BlockDefinition } from '../../src/protocol/definition.ts'
import type { InferenceInput } from '../../src/protocol/activities.ts'
import { say, scriptedModel, type ScriptedModel } from '../../src/testing.ts'
import { firstStep, setting, type Setting } from './setting.ts'

let here: Setting
let model: ScriptedModel
afterEach(() => here.close())

async function begin(): Promise<void> {
  model = scriptedModel([], { afterwards: () => say('Hello.') })
  here = await setting({ model })
}

/** The only step of that turn: a message comes and is answered. */
function step(turn: number, changes: Partial<InferenceInput> = {}): InferenceInput {
  const [seq, text] = [2 * turn - 1, `message ${turn}`]
  const record = [{ seq, event: { id: `e${turn}`, kind: 'user-message' as const, bytes: text.length, text }, at: '2026-01-01T10:00:00.000Z' }]
  return firstStep(text, { turn, op: `ada/${turn}/1`, seq: seq + 1, turnSeq: seq, record, queue: turn === 1 ? [] : [[1, seq - 1]], ...changes })
}

const shown = (): string => model.requests.at(-1)?.messages.map(({ content }) => content).join('\n') ?? ''
const memory = () => here.stores.memory

async function stored(): Promise<StoredAgent> {
  const agent = await memory().agents.get('ada')
  if (agent === undefined) throw new Error('the agent is there')
  return agent
}

/** As whoever it is writes it, in whichever process: another agent that shares the block, a person, a checkpoint that is brought back. */
async function writeTo(blockId: string, value: string, author: string): Promise<void> {
  const version = ((await memory().blocks.current(blockId))?.version ?? 0) + 1
  await memory().blocks.insert({ blockId, version, value, op: `${blockId}/${author}/${version}`, author, turn: 0, at: '2026-01-01T11:00:00.000Z' })
}

async function define(version: number, blocks: (present: readonly BlockDefinition[]) => readonly BlockDefinition[]): Promise<void> {
  const { definition } = await stored()
  await memory().agents.define('ada', version, { ...definition, blocks: [...blocks(definition.blocks)] })
}

const team: BlockDefinition = { label: 'team', blockId: 'team', description: 'What all know.', limit: 500, value: 'Nothing yet.', readOnly: false }

describe('a step of an agent that the worker has seen', () => {
  test('reads blocks and counts before it knows the agent, and once [perf:floor]', async () => {
    await begin()
    await here.run('infer', step(1))
    const order: string[] = []
    const { agents, blocks } = memory()
    const [get, currents] = [agents.get.bind(agents), blocks.currents.bind(blocks)]
    vi.spyOn(agents, 'get').mockImplementation(async (id) => {
      const agent = await get(id)
      order.push('the agent is read')
      return agent
    })
    vi.spyOn(blocks, 'currents').mockImplementation((ids) => {
      order.push('blocks are asked for')
      return currents(ids)
    })
    await here.run('infer', step(2))
    expect(order).toEqual(['blocks are asked for', 'the agent is read'])
  })

  test.for<[string, () => Promise<unknown>, string]>([
    ['a person has edited', () => writeTo('ada/human', 'Name: Ada', 'a person'), 'Name: Ada'],
    ['another agent has edited that it shares with it', () => writeTo('ada/persona', 'I am Max.', 'another'), 'I am Max.'],
    ['was attached', () => define(2, (present) => [...present, team]), 'Nothing yet.'],
    ['was attached, and others had written before', async () => {
      await writeTo('team', 'Ships at noon.', 'another')
      await define(2, (present) => [...present, team])
    }, 'Ships at noon.'],
    ['has another limit', () => define(2, (present) => present.map((block) => ({ ...block, limit: 777 }))), 'limit="777"'],
    ['is another one under the same label', async () => {
      await writeTo('humans', 'Name: Bea', 'another')
      await define(2, (present) => present.map((block) => (block.label === 'human' ? { ...block, blockId: 'humans' } : block)))
    }, 'Name: Bea'],
  ])('shows a block as it is that %s since [core:blocks multi:shared-blocks definition:living]', async ([, change, text]) => {
    await begin()
    await here.run('infer', step(1))
    expect(shown()).not.toContain(text)
    await change()
    await here.run('infer', step(2, { definition: 2 }))
    expect(shown()).toContain(text)
  })

  test('shows no block that was detached since [definition:living]', async () => {
    await begin()
    await here.run('infer', step(1))
    await define(2, (present) => present.filter(({ label }) => label !== 'persona'))
    await here.run('infer', step(2, { definition: 2 }))
    expect(shown()).not.toContain('label="persona"')
  })

  test('counts the documents that are loaded since [external:statistics documents:load]', async () => {
    await begin()
    await here.run('infer', step(1))
    expect(shown()).not.toContain('documents are loaded')
    await memory().agents.setDocuments('ada', 3)
    await here.run('infer', step(2))
    expect(shown()).toContain('3 documents are loaded')
  })

  test('shows what has changed between the reading of the blocks and that of the agent [core:blocks definition:living]', async () => {
    await begin()
    await here.run('infer', step(1))
    const { agents } = memory()
    const get = agents.get.bind(agents)
    vi.spyOn(agents, 'get').mockImplementationOnce(async () => {
      await writeTo('team', 'Ships at noon.', 'another')
      await define(2, (present) => [...present, team])
      return get('ada')
    })
    await here.run('infer', step(2))
    expect(shown()).toContain('Ships at noon.')
  })

  test('sees what steps on another worker have brought, whoever made the last one [core:blocks definition:living]', async () => {
    await begin()
    const other = here.anotherWorker()
    await here.run('infer', step(1))
    await writeTo('ada/human', 'Name: Ada', 'ada')
    await define(2, (present) => [...present, team])
    await other('infer', step(2, { definition: 2 }))
    expect(shown()).toMatch(/Name: Ada[^]*Nothing yet\./)
    await writeTo('team', 'Ships at noon.', 'another')
    await here.run('infer', step(3, { definition: 2 }))
    expect(shown()).toMatch(/Name: Ada[^]*Ships at noon\.[^]*message 2/)
    await define(3, (present) => present.filter(({ label }) => label !== 'team'))
    await other('infer', step(4, { definition: 3 }))
    expect(shown()).not.toContain('Ships at noon.')
  })

  test('reads anew for another agent under its id, as stores of another day may have [agent:create]', async () => {
    await begin()
    await here.run('infer', step(1))
    const { agents, messages } = memory()
    const get = agents.get.bind(agents)
    const read = vi.spyOn(messages, 'ranges')
    vi.spyOn(agents, 'get').mockImplementation(async (id) => {
      const agent = await get(id)
      return agent && { ...agent, creation: 'another' }
    })
    await here.run('infer', step(2))
    expect(read).toHaveBeenCalledTimes(2)
    await here.run('infer', step(3))
    // What was read for it is known as its own.
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('fails where its blocks cannot be read, and not where only those that it had before cannot', async () => {
    await begin()
    await here.run('infer', step(1))
    const { blocks } = memory()
    const currents = vi.spyOn(blocks, 'currents').mockRejectedValueOnce(new Error('the disk is gone'))
    await expect(here.run('infer', step(2))).rejects.toThrow(/the disk is gone/)
    currents.mockRejectedValueOnce(new Error('the disk is gone'))
    await define(2, (present) => [...present, team])
    expect(await here.run('infer', step(2, { definition: 2 }), 2)).toMatchObject({ outcome: 'stored' })
    expect(shown()).toContain('Nothing yet.')
  })
})
