import { afterEach, describe, expect, test } from 'vitest'
import { agentLines, agentPages } from '../../src/cli/output/agents-list.ts'
import { scriptedModel, say } from '../../src/testing.ts'
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
    for await (const page of agentPages(agents)) {
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
})
