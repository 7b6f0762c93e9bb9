import { afterEach, describe, expect, test } from 'vitest'
import type { AgentChanges } from '../../src/definition/agent-changes.ts'
import type { ModelRequest } from '../../src/model/model.ts'
import type { TurnEvent } from '../../src/protocol/turn-event.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { gate } from '../support/gate.ts'

let agents: Agents
afterEach(() => agents.close())

const systemOf = ({ messages: [system] }: ModelRequest): string => system?.content ?? ''

/** The agent has been told its user's name, and has written it down. */
async function begin(afterwards: Parameters<typeof scriptedModel>[1] = { afterwards: () => say('Yes.') }) {
  const model = scriptedModel([call('core_memory_append', { label: 'human', content: 'Name: Ada' }, { heartbeat: true }), say('Noted.')], afterwards)
  agents = await startAgents({ model })
  await agents.client.create({ id: agents.agentId, model: 'scripted' })
  await agents.client.send(agents.agentId, 'I am Ada.')
  return { ...agents, model }
}

const blocksOf = async () => (await agents.client.blocks(agents.agentId)).map(({ label, blockId, version, value }) => [label, blockId, version, value])

describe('a block that is renamed', () => {
  test('keeps its id, what is in it and its versions, for the model and for people [definition:living core:blocks core:history]', async () => {
    const { client, agentId, model } = await begin()
    const before = await blocksOf()
    const history = await client.blockHistory(agentId, 'human')
    expect(before.at(-1)).toEqual(['human', `${agentId}/human`, 2, 'Name: Ada'])

    await client.update(agentId, { blocks: { human: { label: 'system/human' } } })
    expect(await client.blockHistory(agentId, 'system/human')).toEqual(history)
    // The model has seen it under its old label only.
    expect((await client.blocksAsSeen(agentId)).map(({ label, value }) => [label, value]).at(-1)).toEqual(['system/human', 'Name: Ada'])
    await client.send(agentId, 'Who am I?')
    expect(systemOf(model.requests.at(-1) as ModelRequest)).toMatch(/label="system\/human"[^<]*>\s*Name: Ada/)
    expect(systemOf(model.requests.at(-1) as ModelRequest)).not.toContain('label="human"')
    expect((await client.blocksAsSeen(agentId)).map(({ label, version }) => [label, version]).at(-1)).toEqual(['system/human', 2])
    await expect(client.editBlock(agentId, 'human', 'x')).rejects.toMatchObject({ code: 'block-unknown' })
    expect(await client.editBlock(agentId, 'system/human', 'Name: Ada L.')).toMatchObject({ blockId: `${agentId}/human`, version: 3 })

    expect(await client.compareDefinitions(agentId, { before: 1 })).toEqual([{ field: 'blocks.human.label', before: 'human', after: 'system/human' }])
    await client.undoDefinition(agentId)
    expect((await blocksOf()).at(-1)).toEqual(['human', `${agentId}/human`, 3, 'Name: Ada L.'])
  })

  test('leaves its label to another one, which has nothing of it [definition:living core:blocks]', async () => {
    const { client, agentId } = await begin()
    await client.update(agentId, { blocks: { human: { label: 'former' } } })
    await client.update(agentId, { blocks: { human: { value: 'Name: Ben' } } })
    await client.editBlock(agentId, 'human', 'Name: Ben, a sailor')
    expect((await blocksOf()).slice(1)).toEqual([['former', `${agentId}/human`, 2, 'Name: Ada'], ['human', `${agentId}/human 2`, 2, 'Name: Ben, a sailor']])
    await client.update(agentId, { blocks: { former: { label: 'human' }, human: { label: 'former' } } })
    expect((await blocksOf()).slice(1)).toEqual([['human', `${agentId}/human`, 2, 'Name: Ada'], ['former', `${agentId}/human 2`, 2, 'Name: Ben, a sailor']])
  })

  test.each<[string, readonly AgentChanges['blocks'][]]>([
    ['in two changes', [{ former: null }, { human: { value: 'Name: Ben' } }]],
    ['in one', [{ former: null, human: { value: 'Name: Ben' } }]],
  ])('leaves its label to another one also when it is detached, %s [definition:living core:blocks]', async (_, changes) => {
    const { client, agentId } = await begin()
    await client.update(agentId, { blocks: { human: { label: 'former' } } })
    for (const blocks of changes) await client.update(agentId, { blocks })
    expect((await blocksOf()).slice(1)).toEqual([['human', `${agentId}/human 2`, 0, 'Name: Ben']])
    await client.update(agentId, { blocks: { former: {} } })
    expect((await blocksOf()).at(-1)).toEqual(['former', `${agentId}/human`, 2, 'Name: Ada'])
  })

  test('comes back under the label that it last had, with what is in it, and a text for a new one is refused [definition:living core:blocks]', async () => {
    const { client, agentId } = await begin()
    await client.update(agentId, { blocks: { human: { label: 'former' } } })
    await client.update(agentId, { blocks: { human: { value: 'Name: Ben' } } })
    await client.update(agentId, { blocks: { former: null, human: null } })
    // It was never written, so it has no version, and what it began with is in it all the same.
    await client.update(agentId, { blocks: { human: {} } })
    expect((await blocksOf()).slice(1)).toEqual([['human', `${agentId}/human 2`, 0, 'Name: Ben']])
    await client.editBlock(agentId, 'human', 'Name: Ben, a sailor')
    await client.update(agentId, { blocks: { human: null } })
    for (const blocks of [{ human: { value: 'Name: Eve' } }, { eve: { blockId: `${agentId}/human 2`, value: 'Name: Eve' } }]) {
      await expect(client.update(agentId, { blocks })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringMatching(/value is what a new block begins with; this one, ".*\/human 2", was there before.*leave value out/) as string })
    }
    await client.update(agentId, { blocks: { human: {}, former: {} } })
    expect((await blocksOf()).slice(1)).toEqual([['human', `${agentId}/human 2`, 2, 'Name: Ben, a sailor'], ['former', `${agentId}/human`, 2, 'Name: Ada']])
  })

  test('is never called what every object has, on any way [definition:living core:blocks]', async () => {
    const { client, agentId } = await begin()
    const refused = { code: 'invalid-argument', message: expect.stringContaining("__proto__ can't be a label") as string }
    const under = (change: unknown) => ({ blocks: JSON.parse(`{"__proto__":${JSON.stringify(change)}}`) as NonNullable<AgentChanges['blocks']> })
    await expect(client.create({ id: `${agentId}-other`, blocks: [{ label: '__proto__' }] })).rejects.toMatchObject(refused)
    for (const changes of [{ blocks: { human: { label: '__proto__' } } }, under({ value: 'x' }), under(null)]) await expect(client.update(agentId, changes)).rejects.toMatchObject(refused)
    for (const [before, label] of [['human', 'constructor'], ['constructor', 'prototype'], ['prototype', 'toString']] as const) {
      await client.update(agentId, { blocks: { [before]: { label } } })
      expect(await client.editBlock(agentId, label, label)).toMatchObject({ blockId: `${agentId}/human`, value: label })
      await client.send(agentId, 'Hi.')
      expect((await client.blocksAsSeen(agentId)).at(-1)).toMatchObject({ label, value: label })
    }
  })

  test('takes the call of the step that saw it under its old label, and a later one fails by name [definition:living step:failed-tool-continues]', async () => {
    const [holding, opened] = [gate(), gate()]
    const append = () => call('core_memory_append', { label: 'human', content: 'Likes tea' }, { heartbeat: true })
    const model = scriptedModel([
      async () => {
        holding.open()
        await opened.opened
        return append()
      },
      append(),
      say('done'),
    ])
    agents = await startAgents({ model })
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    await client.post(agentId, 'I like tea.', { eventId: 'tea' })
    await holding.opened
    const renaming = client.update(agentId, { blocks: { human: { label: 'person' } } })
    await expect.poll(async () => (await client.state(agentId)).commands).toEqual(['define'])
    opened.open()
    await renaming
    expect(await client.outcome(agentId, 'tea')).toMatchObject({ end: 'completed', replyTexts: ['done'] })
    expect((await blocksOf()).at(-1)).toEqual(['person', `${agentId}/human`, 2, 'Likes tea'])
    const results = (await client.messages(agentId)).filter(({ toolName }) => toolName === 'core_memory_append')
    expect(results).toMatchObject([{ ok: true }, { ok: false, text: expect.stringContaining('there is no block "human"; your blocks are: persona, person') as string }])
  })

  test('gets back what a checkpoint has of it, and one that has its label now does not [definition:living cli:chat]', async () => {
    const { client, agentId } = await begin()
    await client.command(agentId, { type: 'save', name: 'early' })
    await client.update(agentId, { blocks: { human: { label: 'person' } } })
    await client.update(agentId, { blocks: { human: { value: 'another one' } } })
    await client.editBlock(agentId, 'person', 'Name: Eve')
    await client.command(agentId, { type: 'load', name: 'early' })
    expect((await blocksOf()).slice(1).map(([label, , , value]) => [label, value])).toEqual([['person', 'Name: Ada'], ['human', 'another one']])
  })

  test('stays the block of those who share it, each under its own label [definition:living multi:shared-blocks]', async () => {
    const { client, agentId } = await begin()
    const other = `${agentId}-other`
    await client.update(agentId, { blocks: { human: { shared: true } } })
    await client.create({ id: other, model: 'scripted', blocks: [{ label: 'theirs', blockId: `${agentId}/human` }] })
    await client.update(agentId, { blocks: { human: { label: 'person', readOnly: true } } })
    await client.update(other, { blocks: { theirs: { label: 'ours' } } })
    await client.editBlock(other, 'ours', 'Name: Ada L.')
    expect((await blocksOf()).at(-1)).toEqual(['person', `${agentId}/human`, 3, 'Name: Ada L.'])
    // The owner's present label finds it too.
    await client.create({ id: `${other}-2`, model: 'scripted', blocks: [{ label: 'found', blockId: `${agentId}/person`, readOnly: true }] })
    expect(await client.blocks(`${other}-2`)).toMatchObject([{ label: 'found', blockId: `${agentId}/human`, value: 'Name: Ada L.' }])
    await client.delete(agentId)
    expect(await client.blocks(other)).toMatchObject([{ label: 'ours', value: 'Name: Ada L.' }])
  })

  test('that is not shared is refused with what its owner calls it, and which one has its label [definition:living multi:shared-blocks]', async () => {
    const { client, agentId } = await begin()
    const naming = () => client.create({ id: `${agentId}-other`, model: 'scripted', blocks: [{ label: 'theirs', blockId: `${agentId}/human` }] })
    const refused = (message: string) => ({ code: 'block-private', message: expect.stringContaining(message) as string })
    await expect(naming()).rejects.toMatchObject(refused('which no agent shares: its owner has to say'))
    await client.update(agentId, { blocks: { human: { label: 'former' } } })
    await expect(naming()).rejects.toMatchObject(refused('(its owner calls that block "former" now): its owner has to say'))
    await client.update(agentId, { blocks: { human: { shared: true } } })
    await expect(naming()).rejects.toMatchObject(refused(`(its owner calls that block "former" now; the one with the label "human" has the id "${agentId}/human 2")`))
  })

  test('tells a watcher nothing by itself, and what is written into it under its new label [definition:living live:watch]', async () => {
    const { client, agentId } = await begin()
    const told: TurnEvent[] = []
    const leaving = new AbortController()
    const watching = (async () => {
      for await (const event of client.watch(agentId, { after: 0, signal: leaving.signal })) told.push(event)
    })()
    await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThan(0)
    // The first version of a block is what it began with; it is stored, and may be told, with the first write.
    const written = () => told.flatMap((event) => (event.type === 'memory' && event.version > 1 ? [[event.label, event.version]] : []))
    await client.editBlock(agentId, 'persona', 'first')
    await expect.poll(written, { timeout: 10_000 }).toHaveLength(1)
    await client.update(agentId, { blocks: { human: { label: 'person' } } })
    await expect.poll(async () => (await client.get(agentId))?.version).toBe(2)
    await client.editBlock(agentId, 'persona', 'second')
    await client.editBlock(agentId, 'person', 'Name: Eve')
    await expect.poll(() => written().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3)
    leaving.abort()
    await watching
    expect(written().toSorted()).toEqual([['person', 3], ['persona', 2], ['persona', 3]])
  })
})
