import { afterEach, expect, test } from 'vitest'
import type { ModelRequest } from '../../src/model/model.ts'
import { call, say, scriptedModel, think, type ScriptedModel } from '../../src/testing.ts'
import { topicEmbedder } from '../recall/topics.ts'
import { startAgents, type Agents } from '../support/agents.ts'

let agents: Agents
let talked = 0
afterEach(() => agents.close())

const last = ({ messages }: ModelRequest): string => messages.at(-1)?.content ?? ''

/** Looks for what it is asked for, and answers everything else at once. */
const model = (): ScriptedModel =>
  scriptedModel([], {
    withoutTools: think('They talk.'),
    afterwards: (request) => {
      const asked = /Look for: (\w+)/.exec(last(request))?.[1]
      return asked === undefined ? say('I see.') : call('conversation_search', { query: asked }, { heartbeat: true })
    },
  })

async function talkUntil(compactions: number): Promise<void> {
  const { client, agentId } = agents
  while ((await client.state(agentId)).counters.compactions < compactions) await client.send(agentId, `Number ${(talked += 1)}: ${'nothing new, it rains as it has rained all week. '.repeat(14)}`)
}

/** What the agent finds. */
async function found(word: string): Promise<string> {
  await agents.client.send(agents.agentId, `Look for: ${word}`)
  return (await agents.client.messages(agents.agentId, { limit: 1_000 })).findLast(({ toolName }) => toolName === 'conversation_search')?.text ?? ''
}

const latest = async (): Promise<number> => (await agents.stores.archival.exchanges.latest(await keyOf(), topicEmbedder()))?.last ?? 0
const keyOf = async (): Promise<string> => (await agents.client.get(agents.agentId))?.key ?? agents.agentId

async function withAgent(embedder = topicEmbedder()): Promise<void> {
  talked = 0
  agents = await startAgents({ model: model(), embedder })
  await agents.client.create({ id: agents.agentId, model: 'scripted', contextWindow: 4_000 })
  await agents.client.send(agents.agentId, 'We climbed up the lighthouse.')
}

test('what has left the context is found by what it means, in other words; and an agent that is deleted leaves no vector [recall:meaning]', async () => {
  await withAgent()
  expect(await found('beacon')).not.toContain('We climbed up the lighthouse.')
  await talkUntil(1)
  await expect.poll(latest).toBeGreaterThan(0)
  expect(await found('beacon')).toContain('We climbed up the lighthouse.')
  const key = await keyOf()
  await agents.client.delete(agents.agentId)
  expect(await agents.stores.archival.exchanges.latest(key, topicEmbedder())).toBeUndefined()
})

test('while the embedding model is away no turn waits, and words find as before; what is missing is made after the next compaction [recall:meaning]', async () => {
  let away = true
  const embedder = topicEmbedder(() => away)
  await withAgent(embedder)
  await talkUntil(1)
  expect(await found('lighthouse')).toContain('We climbed up the lighthouse.')
  expect(await latest()).toBe(0)
  away = false
  await talkUntil(2)
  await expect.poll(latest).toBeGreaterThan(0)
  expect(await found('beacon')).toContain('We climbed up the lighthouse.')
  expect(embedder.embedded.filter((text) => text.includes('We climbed up')).length).toBeLessThanOrEqual(2)
  expect(new Set(embedder.embedded).size).toBe(embedder.embedded.length)
})

test('going back to a checkpoint leaves what came since in recall, found by words and meaning alike, and nothing is embedded twice [recall:meaning cli:chat]', async () => {
  const embedder = topicEmbedder()
  await withAgent(embedder)
  const { client, agentId } = agents
  await client.command(agentId, { type: 'save', name: 'early' })
  await client.send(agentId, 'A walrus looked at us.')
  await talkUntil(1)
  await expect.poll(latest).toBeGreaterThan(0)
  await client.command(agentId, { type: 'load', name: 'early' })
  const before = await latest()
  const { compactions } = (await client.state(agentId)).counters
  expect(await found('seal')).toContain('A walrus looked at us.')
  await talkUntil(compactions + 1)
  await expect.poll(latest).toBeGreaterThan(before)
  expect(await found('seal')).toContain('A walrus looked at us.')
  expect(new Set(embedder.embedded).size).toBe(embedder.embedded.length)
})
