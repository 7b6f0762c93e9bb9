import { afterEach, describe, expect, test } from 'vitest'
import { agentLines, agentPages } from '../../src/cli/output/agents-list.ts'
import type { AgentPageOptions } from '../../src/client/list-agents.ts'
import { ModelError } from '../../src/model/model-error.ts'
import { fail, scriptedModel, say } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

/** One agent that has spoken, and so many that are in the store only. */
async function manyAgents(sleeping: number): Promise<readonly string[]> {
  agents = await startAgents({ model: scriptedModel([say('Hello.')]) })
  const first = `${agents.agentId}-000`
  const { agent } = await agents.client.create({ id: first, model: 'scripted' })
  await agents.client.send(first, 'Hello?')
  const others = Array.from({ length: sleeping }, (_, index) => `${agents.agentId}-${String(index + 1).padStart(3, '0')}`)
  for (const id of others) await agents.stores.memory.agents.create({ ...agent, definition: { ...agent.definition, id } })
  return [first, ...others]
}

describe('the list of agents', () => {
  test('comes in pages, each with what to ask for next, and with counts where they are asked for [client:sdk]', async () => {
    const [first = '', second = '', third = ''] = await manyAgents(2)
    const { client } = agents
    const page = await client.list({ after: agents.agentId, limit: 2, counts: true })
    expect(page.agents.map(({ definition, recall }) => [definition.id, recall])).toEqual([[first, 3], [second, 0]])
    // Others than this test's own may follow.
    const last = await client.list({ after: second, limit: 1 })
    expect(last.agents.map(({ definition, recall }) => [definition.id, recall])).toEqual([[third, undefined]])
    expect(await client.list({ after: 'zzzz', limit: 1 })).toEqual({ agents: [] })
    expect((await client.list()).filter(({ definition }) => definition.id.startsWith(agents.agentId))).toHaveLength(3)
    for (const limit of [0, 1_001, 1.5]) await expect(client.list({ limit })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  test('is printed a page at a time, each agent once [cli:chat]', async () => {
    const ids = await manyAgents(60)
    const pages: number[] = []
    const listed: string[] = []
    for await (const { agents: page } of agentPages(agents)) {
      pages.push(page.length)
      listed.push(...page.map(({ agent }) => agent).filter((agent) => agent.startsWith(agents.agentId)))
    }
    expect(listed).toEqual(ids)
    expect(Math.max(...pages)).toBe(50)
    const lines: string[] = []
    for await (const line of agentLines(agents)) if (line.startsWith(agents.agentId)) lines.push(line.replaceAll(/ +/g, ' '))
    expect(lines).toHaveLength(61)
    expect(lines[0]).toMatch(/^\S+ scripted live 3 /)
    expect(lines[60]).toMatch(/^\S+ scripted asleep 0 /)
  })

  test('is filtered by status as the index of workflows shows it, by model and in pages [client:sdk, cli:json]', async () => {
    agents = await startAgents({ model: scriptedModel([fail(new ModelError('rate-limited', 'come back later', { status: 429, retryAfterMs: 3_600_000 }))], { afterwards: () => say('Hello.') }) })
    const { client, agentId, stores } = agents
    const id = (end: string): string => `${agentId}-${end}`
    const { agent } = await client.create({ id: id('parked'), model: 'scripted' })
    expect(await client.send(id('parked'), 'Hello?')).toMatchObject({ end: 'parked' })
    for (const end of ['live', 'old']) {
      await client.create({ id: id(end), model: 'other' })
      await client.send(id(end), 'Hello?')
    }
    await client.command(id('old'), { type: 'archive', erase: false })
    for (const end of ['asleep-1', 'asleep-2']) await stores.memory.agents.create({ ...agent, definition: { ...agent.definition, id: id(end) } })
    const listed = async (options: AgentPageOptions) =>
      (await client.list({ after: agentId, limit: 500, ...options })).agents.filter(({ key }) => key.startsWith(agentId)).map(({ key }) => key.slice(agentId.length + 1))

    await expect.poll(() => listed({ status: 'parked' }), { timeout: 30_000 }).toEqual(['parked'])
    expect(await listed({ status: 'live' })).toEqual(['live'])
    expect(await listed({ status: 'archived' })).toEqual(['old'])
    expect(await listed({ status: 'asleep' })).toEqual(['asleep-1', 'asleep-2'])
    expect(await listed({ status: 'asleep', after: id('asleep-1'), limit: 1 })).toEqual(['asleep-2'])
    expect(await listed({ status: 'parked', model: 'other' })).toEqual([])
    expect(await listed({ model: 'other' })).toEqual(['live', 'old'])
    const { agents: some, next } = await client.list({ after: agentId, limit: 2, statuses: true })
    expect(some.map(({ key, status }) => [key, status])).toEqual([[id('asleep-1'), 'asleep'], [id('asleep-2'), 'asleep']])
    expect(next).toBe(id('asleep-2'))
    for (const wrong of [{ status: 'awake' as 'live' }, { tag: '' }, { model: 7 as unknown as string }]) await expect(client.list(wrong)).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})
