import { afterEach, describe, expect, test } from 'vitest'
import type { ModelRequest } from '../../src/model/model.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
afterEach(() => agents.close())

const lastEvent = ({ messages }: ModelRequest): string => messages.findLast(({ role }) => role === 'user')?.content ?? ''

/** Two agents with a block in common; each appends what its message says, then answers. */
async function twoAgents(): Promise<{ readonly ids: readonly [string, string]; readonly requests: readonly ModelRequest[] }> {
  const model = scriptedModel([], {
    afterwards: (request) => {
      const note = /note (\w+)/.exec(lastEvent(request))?.[1]
      const done = request.messages.at(-1)?.role === 'tool'
      return note === undefined || done ? say('Done.') : call('core_memory_append', { label: 'team', content: note }, { heartbeat: true })
    },
  })
  agents = await startAgents({ model })
  const ids = [`${agents.agentId}-one`, `${agents.agentId}-two`] as const
  const team = { label: 'team', blockId: `team-of-${agents.agentId}`, description: 'What all of us know.', limit: 5_000 }
  for (const id of ids) await agents.client.create({ id, model: 'scripted', blocks: [{ label: 'persona', value: id }, team] })
  return { ids, requests: model.requests }
}

const valueOf = async (id: string): Promise<string> => (await agents.client.blocks(id)).find(({ label }) => label === 'team')?.value ?? ''

describe('a block that two agents share', () => {
  test("shows each the other's edits at its next step [multi:shared-blocks core:blocks]", async () => {
    const { ids, requests } = await twoAgents()
    await agents.client.send(ids[0], 'note heron')
    await agents.client.send(ids[1], 'hello')
    expect(requests.at(-1)?.messages[0]?.content).toContain('heron')
    expect(await valueOf(ids[1])).toBe('heron')
  })

  test('shows each the edits of the other and of a person also where the same worker has just seen it [multi:shared-blocks core:blocks]', async () => {
    const { ids, requests } = await twoAgents()
    const shownTo = async (id: string): Promise<string | undefined> => {
      await agents.client.send(id, 'hello')
      return requests.at(-1)?.messages[0]?.content
    }
    for (const id of ids) expect(await shownTo(id)).not.toContain('heron')
    await agents.client.send(ids[0], 'note heron')
    expect(await shownTo(ids[1])).toContain('heron')
    await agents.client.send(ids[1], 'note otter')
    expect(await shownTo(ids[0])).toContain('otter')
    await agents.client.editBlock(ids[1], 'team', 'A person knows better.')
    for (const id of ids) expect(await shownTo(id)).toContain('A person knows better.')
    await agents.client.update(ids[0], { blocks: { team: null } })
    expect(await shownTo(ids[0])).not.toContain('A person knows better.')
  })

  test('loses no edit where both write at once [multi:shared-blocks]', async () => {
    const { ids } = await twoAgents()
    const notes = Array.from({ length: 6 }, (_, index) => `n${index}`)
    await Promise.all(notes.map((note, index) => agents.client.send(ids[index % 2 === 0 ? 0 : 1], `note ${note}`)))
    expect((await valueOf(ids[0])).split('\n').sort()).toEqual(notes)
  })

  test('outlives an agent that is deleted [multi:shared-blocks]', async () => {
    const { ids } = await twoAgents()
    await agents.client.send(ids[0], 'note heron')
    await agents.client.delete(ids[0])
    expect(await valueOf(ids[1])).toBe('heron')
  })
})
